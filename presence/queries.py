"""Reads of presence."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from time import monotonic
from typing import NamedTuple

from django.db.models import Q
from redis import RedisError

from accounts.models import Audience, User
from accounts.privacy import Relation
from connections.models import Connection
from connections.queries import connected_ids
from core.clock import now
from presence import store
from presence.access import relations, shows

_PRIVACY = ("privacy_online", "privacy_last_seen")

#: ``fn(user ids, Unix seconds)``
Look = Callable[[Collection[int], float], set[int]]

_RETRY_SECONDS = 1.0
_away_until = 0.0


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
    return _ask(store.online, ids)


def active_devices(ids: Collection[int]) -> set[int] | None:
    """The devices of ``ids`` that somebody looks at; None when Redis is away."""
    return _ask(store.active_devices, ids)


def _ask(look: Look, ids: Collection[int]) -> set[int] | None:
    """After a failure nobody asks for a second: a server that hangs costs one caller half of it."""
    global _away_until
    if not ids:
        return set()
    if monotonic() < _away_until:
        return None
    try:
        return look(ids, now().timestamp())
    except RedisError:
        _away_until = monotonic() + _RETRY_SECONDS
        return None


def presence_of(viewer_id: int, ids: Sequence[int]) -> dict[int, Presence]:
    """What the viewer may know of the presence of ``ids``; ids of nobody are left out.

    With Redis away ``online`` is None for all and ``last_seen`` is what PostgreSQL has.
    """
    rows = User.objects.filter(pk__in={*ids, viewer_id}).only(*_PRIVACY, "last_seen_at")
    users = {user.pk: user for user in rows}
    viewer = users[viewer_id]
    close = relations(viewer_id, ids)
    wanted = {user_id: users[user_id] for user_id in ids if user_id in users}

    def relation(user_id: int) -> Relation:
        return close.get(user_id, Relation.STRANGER)

    shown = {
        user_id
        for user_id, user in wanted.items()
        if shows(user.privacy_online, viewer.privacy_online, relation(user_id))
    }
    online = online_ids(shown)
    return {
        user_id: Presence(
            user_id in online if user_id in shown and online is not None else None,
            user.last_seen_at
            if shows(user.privacy_last_seen, viewer.privacy_last_seen, relation(user_id))
            else None,
        )
        for user_id, user in wanted.items()
    }


def curious_ids(user_id: int) -> list[int]:
    """The person's connections who share being online, so that they may see it of others."""
    users = User.objects.filter(pk__in=connected_ids(user_id))
    ids = users.exclude(privacy_online=Audience.NOBODY).values_list("pk", flat=True)
    return list(ids)


def watchers_of(ids: Iterable[int]) -> list[Watcher]:
    """Who is told when one of ``ids`` comes or goes: connections who may know. One query."""
    people = set(ids)
    rows = Connection.objects.filter(Q(low_id__in=people) | Q(high_id__in=people)).values_list(
        *(f"{side}__{field}" for side in ("low", "high") for field in ("pk", *_PRIVACY))
    )
    watchers: list[Watcher] = []
    for low_and_high in rows:
        low, high = low_and_high[:3], low_and_high[3:]
        for subject, viewer in ((low, high), (high, low)):
            if subject[0] in people and shows(subject[1], viewer[1], Relation.CONNECTED):
                sees_last_seen = shows(subject[2], viewer[2], Relation.CONNECTED)
                watchers.append(Watcher(subject[0], viewer[0], sees_last_seen))
    return watchers
