"""Reads of presence."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

import structlog
from django.db.models import Q
from redis import RedisError

from accounts.models import User
from connections.models import Connection
from core.clock import now
from presence import store
from presence.access import allowed, shown_to_connection

log = structlog.get_logger(__name__)


class Presence(NamedTuple):
    """What a viewer gets to know: None where not allowed, or not known."""

    online: bool | None
    last_seen: datetime | None


class Watcher(NamedTuple):
    """A connection who may know whether ``user_id`` is online, and perhaps since when not."""

    user_id: int
    watcher_id: int
    sees_last_seen: bool


def online_ids(ids: Collection[int]) -> set[int] | None:
    """Those of ``ids`` who are online; None when Redis is away and nobody knows."""
    if not ids:
        return set()
    try:
        return store.online(ids, now().timestamp())
    except RedisError as error:
        log.debug("presence_unknown", error=str(error))
        return None


def presence_of(viewer_id: int, ids: Sequence[int]) -> dict[int, Presence]:
    """What the viewer may know of the presence of ``ids``; ids of nobody are left out.

    With Redis away ``online`` is None for all and ``last_seen`` is what PostgreSQL has.
    """
    rows = User.objects.filter(pk__in={*ids, viewer_id}).only(
        "privacy_online", "privacy_last_seen", "last_seen_at"
    )
    users = {user.pk: user for user in rows}
    may = allowed(viewer_id, users.values())
    wanted = [user_id for user_id in dict.fromkeys(ids) if user_id in users]
    online = online_ids([user_id for user_id in wanted if may[user_id].online])
    return {
        user_id: Presence(
            user_id in online if may[user_id].online and online is not None else None,
            users[user_id].last_seen_at if may[user_id].last_seen else None,
        )
        for user_id in wanted
    }


def watchers_of(ids: Iterable[int]) -> list[Watcher]:
    """Who is told when one of ``ids`` comes or goes: connections who may know. One query."""
    people = set(ids)
    rows = Connection.objects.filter(Q(low_id__in=people) | Q(high_id__in=people)).values_list(
        "low_id",
        "high_id",
        "low__privacy_online",
        "high__privacy_online",
        "low__privacy_last_seen",
        "high__privacy_last_seen",
    )
    watchers: list[Watcher] = []
    for low, high, *audiences in rows:
        # Both ways alike: who hides from connections is hidden, and sees nothing either.
        if shown_to_connection(audiences[0], audiences[1]):
            sees_last_seen = shown_to_connection(audiences[2], audiences[3])
            pairs = ((low, high), (high, low))
            watchers += [Watcher(a, b, sees_last_seen) for a, b in pairs if a in people]
    return watchers
