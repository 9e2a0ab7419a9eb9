"""Who is online, in Valkey/Redis: sockets with the time until which they count.

For each person a sorted set ``…:s:<user>`` holds the active sockets, member ``<device>:<process>:
<socket>``, score the time until which it counts (Unix seconds). For each shard a sorted set
``…:online`` holds the people who are online, score the time at which to look whether they still
are. The braces put the keys of a shard on one node of a cluster.

The index is only moved by single commands whose answer names one winner (``ZADD NX``, ``ZREM``),
so no script is needed: a person who is touched while being swept is found again in their own set,
which is always written first.

Every function raises ``redis.RedisError`` when the server is away.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings

from realtime.redis import sync_client

SHARDS = 16
# A sweep takes at most so many of a shard, so that a mass disconnect comes in portions.
_SWEPT_AT_ONCE = 100


class Socket(NamedTuple):
    """An open socket: ``name`` is unique over processes and begins with the device's id."""

    user_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Gone:
    """A person taken off the index; ``due`` is the score they had, ``last_active`` Unix seconds."""

    user_id: int
    due: float
    last_active: float


def touch(sockets: Collection[Socket], at: float) -> set[int]:
    """Counts active sockets for another PRESENCE_TTL; answers who was offline until now.

    Of several processes that touch a person at once, one hears that they were offline.
    """
    until = at + settings.PRESENCE_TTL
    pipe = sync_client().pipeline(transaction=False)
    for user_id, name in sockets:
        pipe.zadd(_sockets(user_id), {name: until})
        pipe.expire(_sockets(user_id), 2 * settings.PRESENCE_TTL)
        pipe.zadd(_online(user_id), {str(user_id): until}, nx=True)
        pipe.zadd(_online(user_id), {str(user_id): until}, gt=True, xx=True)
    answers = pipe.execute()
    return {socket.user_id for socket, is_new in zip(sockets, answers[2::4], strict=True) if is_new}


def leave(sockets: Collection[Socket], at: float) -> None:
    """Takes sockets out; whoever has none left is looked at again after PRESENCE_GRACE."""
    pipe = sync_client().pipeline(transaction=False)
    for user_id, name in sockets:
        pipe.zrem(_sockets(user_id), name)
    users = sorted({user_id for user_id, _ in sockets})
    for user_id in users:
        pipe.zcount(_sockets(user_id), f"({at}", "+inf")
    left = pipe.execute()[len(sockets) :]
    pipe = sync_client().pipeline(transaction=False)
    for user_id, count in zip(users, left, strict=True):
        if not count:
            due = at + settings.PRESENCE_GRACE
            pipe.zadd(_online(user_id), {str(user_id): due}, xx=True)
    pipe.execute()


def pop_expired(at: float) -> list[Gone]:
    """Takes off the index whoever has no active socket any more; one process gets each."""
    client = sync_client()
    pipe = client.pipeline(transaction=False)
    for shard in range(SHARDS):
        pipe.zrangebyscore(_index(shard), "-inf", at, 0, _SWEPT_AT_ONCE, withscores=True)
    due = [(int(user_id), score) for rows in pipe.execute() for user_id, score in rows]
    if not due:
        return []
    gone: list[Gone] = []
    untils = _latest([user_id for user_id, _ in due])
    for (user_id, score), until in zip(due, untils, strict=True):
        if until is not None and until > at:
            pipe.zadd(_online(user_id), {str(user_id): until}, xx=True, gt=True)
            continue
        # A socket that said goodbye is out of the set; one that vanished is still there.
        active = score - settings.PRESENCE_GRACE if until is None else until - settings.PRESENCE_TTL
        gone.append(Gone(user_id, score, active))
    pipe.execute()
    for person in gone:
        pipe.zrem(_online(person.user_id), str(person.user_id))
    return [person for person, won in zip(gone, pipe.execute(), strict=True) if won]


def still_gone(gone: Sequence[Gone], at: float) -> list[Gone]:
    """Those of ``gone`` who have not come back meanwhile; who has is put on the index again."""
    untils = _latest([person.user_id for person in gone])
    back = {
        person.user_id: until
        for person, until in zip(gone, untils, strict=True)
        if until is not None and until > at
    }
    _put(back)
    return [person for person in gone if person.user_id not in back]


def put_back(gone: Iterable[Gone]) -> None:
    """Undoes ``pop_expired``, for a sweep that could not finish."""
    _put({person.user_id: person.due for person in gone})


def online(ids: Collection[int], at: float) -> set[int]:
    """Those of ``ids`` who are online."""
    by_shard: dict[int, list[int]] = {}
    for user_id in ids:
        by_shard.setdefault(user_id % SHARDS, []).append(user_id)
    pipe = sync_client().pipeline(transaction=False)
    for shard, members in by_shard.items():
        pipe.zmscore(_index(shard), [str(user_id) for user_id in members])
    found: set[int] = set()
    for members, scores in zip(by_shard.values(), pipe.execute(), strict=True):
        pairs = zip(members, scores, strict=True)
        found.update(user_id for user_id, due in pairs if due is not None and due > at)
    return found


def active_devices(ids: Iterable[int], at: float) -> set[int]:
    """The devices of ``ids`` with an active socket."""
    pipe = sync_client().pipeline(transaction=False)
    for user_id in ids:
        pipe.zrangebyscore(_sockets(user_id), f"({at}", "+inf")
    return {int(name.partition(b":")[0]) for names in pipe.execute() for name in names}


def _latest(ids: Iterable[int]) -> list[float | None]:
    """For each person the time until which their longest-lived socket counts."""
    pipe = sync_client().pipeline(transaction=False)
    for user_id in ids:
        pipe.zrange(_sockets(user_id), -1, -1, withscores=True)
    return [rows[0][1] if rows else None for rows in pipe.execute()]


def _put(dues: dict[int, float]) -> None:
    pipe = sync_client().pipeline(transaction=False)
    for user_id, due in dues.items():
        pipe.zadd(_online(user_id), {str(user_id): due}, nx=True)
    pipe.execute()


def _index(shard: int) -> str:
    return f"presence:{{{shard}}}:online"


def _online(user_id: int) -> str:
    return _index(user_id % SHARDS)


def _sockets(user_id: int) -> str:
    return f"presence:{{{user_id % SHARDS}}}:s:{user_id}"
