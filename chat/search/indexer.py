"""Keeping the index: the worker adds what was sent, acts that change a message replace its entry.

Sending knows nothing of it. About once a second the indexer adds the messages that have no entry,
the newest first, so that what was just said is found at once also while a backlog is worked off.

So as not to go through all messages for that, it remembers up to where nothing is missing. Ids do
not become visible in order: a transaction may hold a low one for long. When all messages were seen
to have entries, it writes down the newest of them and the next transaction id; once every
transaction below that id has ended, all that can ever stand up to that message has been seen.
"""

import time
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from chat.models import Message, SearchEntry, SearchProgress
from chat.search.documents import BLOCK_BITS, Searchable, document
from chat.sql.search import ADD, DATE, EMPTY, HORIZON, LACKING, REPLACE, TURN
from media.queries import payloads_of

_ABOVE_ALL = 2**63 - 1

#: A pass over a backlog takes at least so many times as long as looking where it goes on.
_LOOKS = 10


def reindex(message_ids: Iterable[int]) -> None:
    """Makes the entries of some messages anew, whether they have one or not.

    For acts that change what a message says, in their transaction and after the change: what it
    said before is found no more from their commit on.
    """
    _write(REPLACE, list(message_ids))


def forget(messages: "QuerySet[Message]") -> None:
    """Empties the entries of some messages, in the caller's transaction."""
    sql, params = messages.order_by().values("id").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(EMPTY.format(sql), params)


def index_new(seconds: float | None = None) -> int:
    """Adds messages that have no entry until there are none, or for about ``seconds``.

    Answers how many it has added. Several may run at once: they take turns.
    """
    begun = time.monotonic()
    horizon = _horizon()
    upto = _complete_upto()
    below, added = _ABOVE_ALL, 0
    while True:
        ids = _add(upto, below)
        if seconds is not None and not added:
            # The first look goes through what the passes before have added to a backlog.
            seconds = max(seconds, _LOOKS * (time.monotonic() - begun))
        if ids:
            below = min(ids)
            added += len(ids)
        if len(ids) < settings.SEARCH_INDEX_BATCH:
            _settle(horizon, upto)
            return added
        if seconds is not None and time.monotonic() - begun > seconds:
            return added


def reindex_all() -> int:
    """Makes all entries anew, the newest first, while searches go on; answers how many."""
    below, made = _ABOVE_ALL, 0
    while True:
        messages = Message.objects.filter(pk__lt=below).order_by("-pk")
        ids = list(messages.values_list("pk", flat=True)[: settings.SEARCH_INDEX_BATCH])
        if not ids:
            return made
        with transaction.atomic():
            reindex(ids)
        below = min(ids)
        made += len(ids)


class _Horizon(NamedTuple):
    """What is certain before a pass begins: every transaction below ``xmin`` has ended, none has
    got ``xmax`` yet, and which message that has an entry is the newest.
    """

    xmin: int
    xmax: int
    newest: int


def _horizon() -> _Horizon:
    with connection.cursor() as cursor:
        cursor.execute(HORIZON)
        return _Horizon(*cursor.fetchone())


def _complete_upto() -> int:
    """From where on there may be messages without an entry."""
    progress, _ = SearchProgress.objects.get_or_create(pk=1)
    if progress.upto and not SearchEntry.objects.filter(pk=progress.upto).exists():
        # The index was emptied by hand, or left out of a backup: from the start.
        SearchProgress.objects.filter(pk=1).update(upto=0, next_upto=None, next_xid=None)
        return 0
    return progress.upto


def _settle(horizon: _Horizon, upto: int) -> None:
    """A pass that began at the horizon has found nothing more to add above ``upto``."""
    with transaction.atomic():
        progress = SearchProgress.objects.select_for_update().get(pk=1)
        if progress.upto != upto:  # another indexer was here meanwhile
            return
        awaited = progress.next_xid
        if awaited is not None and progress.next_upto is not None and awaited <= horizon.xmin:
            progress.upto = progress.next_upto
            awaited = None
        # A number that the server has not given out yet is another server's.
        if awaited is None or awaited > horizon.xmax:
            progress.next_upto, progress.next_xid = horizon.newest, horizon.xmax
        progress.save()


def _add(above: int, below: int) -> list[int]:
    """Adds the newest messages between two ids that have no entry; answers which."""
    params = {"above": above, "below": below, "limit": settings.SEARCH_INDEX_BATCH}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TURN)
        cursor.execute(LACKING, params)
        ids = [id for (id,) in cursor.fetchall()]
        if ids:
            _write(ADD, ids)
    return ids


def _write(statement: str, message_ids: list[int]) -> None:
    rows = Message.objects.filter(pk__in=message_ids).values_list(
        "id",
        "chat_id",
        "sender_id",
        "kind",
        "text",
        "content",
        "deleted_at",
        "chat__low_id",
        "chat__high_id",
        "attachments",
    )
    files = payloads_of({id for row in rows for id in row[-1] or ()})
    found = [
        Searchable._make((*row[:-1], [files[id]["name"] for id in row[-1] or () if id in files]))
        for row in rows
    ]
    made = [document(one) for one in found]
    params: dict[str, Any] = {
        "ids": [one.id for one in found],
        "keys": [f"{{{','.join(map(str, sorted(keys)))}}}" for keys, _ in made],
        "words": [words for _, words in made],
        "bits": BLOCK_BITS,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        cursor.execute(DATE, params)
