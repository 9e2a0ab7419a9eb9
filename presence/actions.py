"""Coming and going: what changes in Redis, and who is told.

Called from the tracker of each web process; ``at`` is Unix seconds.
"""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime

from django.db import DatabaseError, transaction

from accounts.models import Audience, User
from core.clock import rfc3339
from presence import store
from presence.queries import curious_ids, online_ids, watchers_of
from presence.sql import write_last_seen
from presence.store import Gone, Socket
from realtime.bus import publish_ephemeral


def note_sockets(here: Collection[Socket], gone: Collection[Socket], at: float) -> None:
    """Counts the active sockets ``here``, takes out those ``gone``; tells who came online.

    Raises RedisError when Redis is away.
    """
    if gone:
        store.leave(gone, at)
    if here and (came := store.touch(here, at)):
        _tell_online(came)


def sweep(at: float) -> list[int]:
    """Finds whom no socket holds online any more, writes when they were last seen, tells others.

    Run by every process every PRESENCE_SWEEP; each person is dealt with by one of them. Answers
    their ids. Raises RedisError; DatabaseError leaves them for the next sweep.
    """
    gone = store.pop_expired(at)
    if not gone:
        return []
    try:
        write_last_seen({person.user_id: _time(person) for person in gone})
        watchers = watchers_of(person.user_id for person in gone)
    except DatabaseError:
        store.put_back(gone)
        raise
    # The database took a moment: whoever came back in it was announced and must not go now.
    gone = store.still_gone(gone, at)
    told: dict[tuple[int, bool], list[int]] = {}
    for watcher in watchers:
        key = (watcher.user_id, watcher.sees_last_seen)
        told.setdefault(key, []).append(watcher.watcher_id)
    for person in gone:
        for sees_last_seen in (True, False):
            if ids := told.get((person.user_id, sees_last_seen)):
                last_seen = rfc3339(_time(person)) if sees_last_seen else None
                data = {"user": str(person.user_id), "last_seen": last_seen}
                publish_ephemeral(ids, "user:offline", data)
    return [person.user_id for person in gone]


def privacy_changed(before: User, after: User) -> None:
    """Who hides being online goes offline in the eyes of others at once; who shows it appears.

    In the transaction of the change; tells on its commit.
    """
    was_hidden = before.privacy_online == Audience.NOBODY
    is_hidden = after.privacy_online == Audience.NOBODY
    if was_hidden == is_hidden:
        return

    def tell() -> None:
        if online_ids([after.pk]):
            user = str(after.pk)
            event, data = (
                ("user:offline", {"user": user, "last_seen": None})
                if is_hidden
                else ("user:online", {"user": user})
            )
            publish_ephemeral(curious_ids(after.pk), event, data)

    transaction.on_commit(tell, robust=True)


def _tell_online(ids: Iterable[int]) -> None:
    told: dict[int, list[int]] = {}
    for watcher in watchers_of(ids):
        told.setdefault(watcher.user_id, []).append(watcher.watcher_id)
    for user_id, watcher_ids in told.items():
        publish_ephemeral(watcher_ids, "user:online", {"user": str(user_id)})


def _time(person: Gone) -> datetime:
    return datetime.fromtimestamp(person.last_active, UTC)
