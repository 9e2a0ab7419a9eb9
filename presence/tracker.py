"""The sockets of this web process, as presence sees them; the only asynchronous code of the app.

Hooks only note what happened, and one task carries it to Redis, everything that gathered
meanwhile in one go: with Redis slow or away no socket waits. What could not be carried is dropped:
a socket that stays says so again with its next heartbeat, one that has gone runs out by itself.
"""

import asyncio
import secrets
from collections.abc import Callable
from typing import ParamSpec

import structlog
from django.conf import settings
from django.db import DatabaseError
from redis import RedisError

from core.clock import now
from presence.actions import note_sockets, sweep
from presence.store import Socket
from realtime import runtime
from realtime.bridge import run_in_thread
from realtime.lifecycle import on_close, on_heartbeat, on_open, on_start, on_stop
from realtime.session import Session
from realtime.tasks import end

log = structlog.get_logger(__name__)

P = ParamSpec("P")

# What happens within so long is carried together.
_GATHER_SECONDS = 0.05
# While Redis is away it is tried again so often.
_RETRY_SECONDS = 2.0

_process = secrets.token_hex(4)

#: The open sockets of this process, and whether their clients say that somebody looks at them.
_sockets: dict[int, bool] = {}
#: What is not carried to Redis yet: the socket, and whether it is here.
_noted: dict[Socket, bool] = {}
_wakeup: asyncio.Event | None = None
_tasks: list["asyncio.Task[None]"] = []
_is_away = False


@on_open
async def opened(session: Session) -> None:
    """A socket said ``ready``."""
    _sockets[session.socket] = True
    _note(session, is_here=True)


@on_heartbeat
async def beat(session: Session) -> None:
    """A client pinged; one that nobody looks at holds nobody online."""
    if _sockets.get(session.socket):
        _note(session, is_here=True)


@on_close
async def closed(session: Session) -> None:
    """A socket closed."""
    if _sockets.pop(session.socket, None) is not None:
        _note(session, is_here=False)


def set_active(session: Session, is_active: bool) -> None:
    """The client says whether somebody looks at it; a device is active if any of its sockets is.

    From any thread.
    """
    if (loop := runtime.loop()) is not None:
        loop.call_soon_threadsafe(_set_active, session, is_active)


def _set_active(session: Session, is_active: bool) -> None:
    # The socket may have closed while the command was on its way: it stays closed.
    if session.socket in _sockets:
        _sockets[session.socket] = is_active
        _note(session, is_here=is_active)


def _note(session: Session, *, is_here: bool) -> None:
    socket = Socket(session.user_id, f"{session.device_id}:{_process}:{session.socket}")
    _noted[socket] = is_here
    if _wakeup is not None:
        _wakeup.set()


@on_start
async def _start() -> None:
    global _wakeup
    _wakeup = asyncio.Event()
    _tasks.append(asyncio.create_task(_carry_for_ever(_wakeup)))
    _tasks.append(asyncio.create_task(_sweep_for_ever()))


@on_stop
async def _stop() -> None:
    """What the closing sockets noted is carried before the process ends."""
    await end(_tasks)
    await carry()


async def carry() -> None:
    """Carries what was noted to Redis, and tells who came online."""
    noted = dict(_noted)
    _noted.clear()
    here = [socket for socket, is_here in noted.items() if is_here]
    gone = [socket for socket, is_here in noted.items() if not is_here]
    await _attempt(note_sockets, here, gone, now().timestamp())


async def _carry_for_ever(wakeup: asyncio.Event) -> None:
    while True:
        await wakeup.wait()
        await asyncio.sleep(_GATHER_SECONDS)
        wakeup.clear()
        await carry()
        if _is_away:
            await asyncio.sleep(_RETRY_SECONDS)


async def _sweep_for_ever() -> None:
    while True:
        await asyncio.sleep(_RETRY_SECONDS if _is_away else settings.PRESENCE_SWEEP)
        await _attempt(sweep, now().timestamp())


async def _attempt(act: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
    """Runs ``act`` in a thread; that Redis or PostgreSQL is away is said once, and is no error."""
    global _is_away
    try:
        await run_in_thread(act, *args, **kwargs)
    except RedisError as error:
        if not _is_away:
            log.warning("presence_away", error=str(error))
        _is_away = True
    except DatabaseError as error:
        log.warning("presence_database", error=str(error))
    except Exception:
        log.exception("presence")
    else:
        if _is_away:
            log.info("presence_back")
        _is_away = False
