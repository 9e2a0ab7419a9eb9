"""Telling people's own devices the badge, as it moves; the only asynchronous code of the app.

What passes through the bus says whose badge may have moved, and that is only noted. At most once
in BADGE_SECONDS those of them who have a socket here are counted, in one query, and told. Nobody
is counted for a message alone, and no counter is kept that could drift.
"""

import asyncio

import structlog
from django.conf import settings
from django.db import DatabaseError

from notifications.queries import badge_of
from realtime import bus, hub
from realtime.bridge import run_in_thread
from realtime.bus import Recipients
from realtime.frames import encode
from realtime.hub import Audience, OneDevice
from realtime.lifecycle import on_start, on_stop
from realtime.tasks import end

log = structlog.get_logger(__name__)

_USERS_A_QUERY = 200
# Of the time at most this part is spent on counting: messages come first when all is busy.
_SHARE = 0.05

_users: set[int] = set()
_audiences: set[int] = set()
_wakeup: asyncio.Event | None = None
_tasks: list["asyncio.Task[None]"] = []


@bus.on_push("notification:new", "notification:read", "notification:removed")
def note(to: Recipients) -> None:
    """Somebody's badge may have moved. On the loop."""
    match to:
        case Audience():
            _audiences.add(to.id)
        case OneDevice():
            _users.add(to.user_id)
        case _:
            _users.update(to)
    if _wakeup is not None:
        _wakeup.set()


@on_start
async def _start() -> None:
    global _wakeup
    _wakeup = asyncio.Event()
    _tasks.append(asyncio.create_task(_tell_for_ever(_wakeup)))


@on_stop
async def _stop() -> None:
    await end(_tasks)


async def _tell_for_ever(wakeup: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    rest = 0.0
    while True:
        await wakeup.wait()
        await asyncio.sleep(max(settings.BADGE_SECONDS, rest))
        begun = loop.time()
        await _tell(_next())
        if not _users:
            wakeup.clear()
        rest = (loop.time() - begun) / _SHARE


def _next() -> list[int]:
    """Some of those who have a socket here; the others wait for the next turn."""
    for audience in _audiences:
        _users.update(hub.cached_members(Audience(audience)) or hub.local_users())
    _audiences.clear()
    _users.intersection_update(hub.local_users())
    return [_users.pop() for _ in range(min(len(_users), _USERS_A_QUERY))]


async def _tell(user_ids: list[int]) -> None:
    if not user_ids:
        return
    try:
        badges = await run_in_thread(badge_of, user_ids)
    except DatabaseError as error:
        log.warning("badges", error=str(error))
        return
    for user_id, unread in badges.items():
        hub.deliver([user_id], encode("badge", {"unread": unread}))
