"""The personal log: what happened to one person, in an order that never skips a later commit.

Positions are handed out under the user row's lock, which is held to the commit: whoever reads
position n can read all before it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from django.db import connection, transaction

from accounts.models import PersonalEvent, User
from core.clock import now
from realtime.bus import publish

_LOCK = "SELECT id FROM accounts_user WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"

_APPEND = """
WITH entry AS (
    SELECT * FROM unnest(%s::bigint[], %s::text[], %s::jsonb[]) AS e(user_id, event, data)
), moved AS (
    UPDATE accounts_user u SET log_position = u.log_position + 1
    FROM entry WHERE u.id = entry.user_id
    RETURNING u.id, u.log_position
)
INSERT INTO accounts_personalevent (user_id, position, event, data, created_at)
SELECT moved.id, moved.log_position, entry.event, entry.data, %s
FROM moved JOIN entry ON entry.user_id = moved.id
RETURNING user_id, position
"""


def tell(
    user_id: int, event: str, data: Mapping[str, Any], *, kept: Mapping[str, Any] | None = None
) -> int:
    """Appends ``event`` to the user's log and pushes it on commit; answers its position.

    Takes the user row's lock to the end of the caller's transaction (its own if there is none).
    To tell several people in one transaction use ``tell_each``, which locks in one order. The log
    keeps ``kept`` instead of the data, if it is given.
    """
    return tell_each({user_id: (event, data)}, kept=kept)[user_id]


def lock_logs(user_ids: Iterable[int]) -> None:
    """Locks the rows of several people, ascending by id, to the end of the transaction.

    Call it first, with all of them, where one transaction tells different people different things
    by several calls of ``tell_each``.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [sorted(user_ids)])


def tell_each(
    entries: Mapping[int, tuple[str, Mapping[str, Any]]], *, kept: Mapping[str, Any] | None = None
) -> dict[int, int]:
    """Like ``tell`` for one event a user; answers the positions. Users that are gone are left out.

    The logs keep ``kept`` instead of the data, if it is given: what names people must not outlive
    their erasure in the logs of others. Sync names them anew.

    Locks the user rows in ascending id order, so that two callers never wait for each other.
    """
    if not entries:
        return {}
    ids = sorted(entries)
    with transaction.atomic(), connection.cursor() as cursor:
        if len(ids) > 1:
            lock_logs(ids)
        bodies = [
            msgspec.json.encode(entries[user_id][1] if kept is None else kept).decode()
            for user_id in ids
        ]
        names = [entries[user_id][0] for user_id in ids]
        cursor.execute(_APPEND, [ids, names, bodies, now()])
        positions = dict(cursor.fetchall())
        for user_id, position in positions.items():
            event, data = entries[user_id]
            publish([user_id], event, {**data, "position": position})
    return positions


def events_after(user_id: int, position: int, limit: int) -> list[PersonalEvent]:
    """Up to ``limit`` entries after ``position``, oldest first."""
    rows = PersonalEvent.objects.filter(user_id=user_id, position__gt=position)
    return list(rows.order_by("position")[:limit])


def head(user_id: int) -> int:
    """The last position handed out; 0 for an empty log."""
    return bounds(user_id)[1]


def bounds(user_id: int) -> tuple[int, int]:
    """``(floor, head)``: entries up to ``floor`` are pruned, so a client that holds less of the
    log must start afresh; raises User.DoesNotExist."""
    return User.objects.values_list("log_floor", "log_position").get(pk=user_id)
