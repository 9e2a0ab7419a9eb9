"""The epoch: a name for this history of the database. Another one makes clients start afresh."""

import hashlib
import secrets

from django.db import connection

from chat.models import Epoch
from realtime import control
from realtime.bridge import run_in_thread

_known: str | None = None


def epoch() -> str:
    """The epoch, from what a recovery changes: system identifier, timeline, and our own salt.

    A point-in-time recovery begins a new timeline; a dump of ``manage.py backup`` holds no salt, so
    a database restored from it gets a new one. Kept until the database connection is made anew.
    """
    global _known
    if _known is None:
        _known = _read()
    return _known


def _read() -> str:
    row, _ = Epoch.objects.get_or_create(pk=1, defaults={"salt": secrets.token_hex(8)})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT system_identifier FROM pg_control_system()),"
            " (SELECT timeline_id FROM pg_control_checkpoint())"
        )
        identifier, timeline = cursor.fetchone()
    name = f"{identifier}:{timeline}:{row.salt}"
    return hashlib.blake2b(name.encode(), digest_size=8).hexdigest()


def current() -> str:
    """The epoch as last read, for the loop, which cannot wait for the database."""
    return _known or ""


@control.on_reconnect
async def _read_again() -> None:
    """The database may be another one now: a promoted or a recovered one."""
    global _known
    # The old name stands until the new one is read: a pong without one would reset every client.
    _known = await run_in_thread(_read)
