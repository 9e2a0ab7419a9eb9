"""The hub: which sockets of this process belong to whom, and the way to write to them.

Everything here runs on the loop of the web process.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass

import structlog
from django.conf import settings

from realtime import control
from realtime.bridge import run_in_thread
from realtime.connection import Connection
from realtime.lifecycle import on_start, on_stop
from realtime.session import identity
from realtime.tasks import end

log = structlog.get_logger(__name__)

LoadMembers = Callable[[int], Awaitable[tuple[int, Collection[int]]]]


@dataclass(frozen=True, slots=True)
class OneDevice:
    """One device of a user's, whichever of its sockets are open."""

    user_id: int
    device_id: int


@dataclass(frozen=True, slots=True)
class Audience:
    """The members of something, as of ``version``, without some; the app that knows them has
    provided a loader.
    """

    id: int
    version: int = 0
    without: frozenset[int] = frozenset()


NOT_AUTHENTICATED = 4401
SILENT = 4408
TOO_MANY_SOCKETS = 4409
RESTARTING = 1012

_AUDIENCES_MAX = 10_000
_SWEEP_SECONDS = 2.0

_sockets: set[Connection] = set()
_of_user: dict[int, list[Connection]] = {}
_audiences: dict[int, tuple[int, Collection[int]]] = {}
_load_members: LoadMembers | None = None
#: Frames to audiences whose members are being loaded, in the order in which they came.
_waiting: dict[int, deque[tuple[Audience, str, int]]] = {}
#: Of those, whose members have changed since.
_outdated: set[int] = set()
_loading: set["asyncio.Task[None]"] = set()
_tasks: list["asyncio.Task[None]"] = []


def add(connection: Connection) -> None:
    """Takes in an authenticated socket; beyond SOCKETS_PER_USER the user's oldest is closed."""
    _sockets.add(connection)
    mine = _of_user.setdefault(connection.session.user_id, [])
    mine.append(connection)
    if len(mine) > settings.SOCKETS_PER_USER:
        mine[0].close(TOO_MANY_SOCKETS)
        remove(mine[0])


def remove(connection: Connection) -> None:
    """Lets a socket go; harmless when it is gone already."""
    _sockets.discard(connection)
    user_id = connection.session.user_id
    mine = _of_user.get(user_id, [])
    if connection in mine:
        mine.remove(connection)
        if not mine:
            del _of_user[user_id]


def local_connections(user_id: int) -> list[Connection]:
    """The user's sockets in this process."""
    return list(_of_user.get(user_id, ()))


def local_devices() -> list[int]:
    """The devices that have a socket in this process."""
    return [connection.session.device_id for connection in tuple(_sockets)]


def local_users() -> list[int]:
    """Who has a socket in this process."""
    return list(_of_user)


def count() -> int:
    """How many sockets are open in this process."""
    return len(_sockets)


def deliver(user_ids: Iterable[int], text: str, skip: int = 0) -> None:
    """Writes one frame to all sockets of some users here, but for the socket numbered ``skip``."""
    message = {"type": "websocket.send", "text": text}
    for user_id in user_ids:
        mine = _of_user.get(user_id)
        if mine:
            for connection in tuple(mine):
                if not skip or connection.session.socket != skip:
                    connection.put(message)


def deliver_to_device(to: OneDevice, text: str) -> None:
    """Writes one frame to all sockets of a device here."""
    message = {"type": "websocket.send", "text": text}
    for connection in local_connections(to.user_id):
        if connection.session.device_id == to.device_id:
            connection.put(message)


def provide_members(load: LoadMembers) -> None:
    """Hands over ``load(audience) -> (version, user ids)``; called once by the app that knows."""
    global _load_members
    _load_members = load


def deliver_to_audience(audience: Audience, text: str, skip: int = 0) -> None:
    """Writes one frame to the members of an audience, who are cached by its version.

    A cache older than the version (what the sender's transaction saw) is loaded anew first, so who
    was removed before that gets nothing. Frames that come meanwhile wait behind it: those of one
    audience never overtake each other.
    """
    waiting = _waiting.get(audience.id)
    if waiting is not None:
        waiting.append((audience, text, skip))
        return
    members = cached_members(audience)
    if members is not None:
        deliver(members, text, skip)
        return
    _waiting[audience.id] = deque([(audience, text, skip)])
    task = asyncio.create_task(_load_and_deliver(audience.id))
    _loading.add(task)
    task.add_done_callback(_loading.discard)


async def _load_and_deliver(audience_id: int) -> None:
    waiting = _waiting[audience_id]
    try:
        while waiting:
            audience, text, skip = waiting[0]
            members = cached_members(audience)
            if members is None:
                await _load(audience_id)
                members = cached_members(audience)
            # Still older: the database went back in time (a restore). Nobody is sent what may not
            # be theirs any more; heads will tell them.
            deliver(members or (), text, skip)
            waiting.popleft()
    except Exception:  # the pushes are lost, which the clients' heads tell them
        log.exception("audience", audience=audience_id)
    finally:
        del _waiting[audience_id]


async def _load(audience_id: int) -> None:
    assert _load_members is not None, "no app has provided members"
    _outdated.discard(audience_id)
    known = await _load_members(audience_id)
    while audience_id in _outdated:  # somebody came or went while they were read
        _outdated.discard(audience_id)
        known = await _load_members(audience_id)
    if len(_audiences) >= _AUDIENCES_MAX:
        _audiences.pop(next(iter(_audiences)))
    _audiences[audience_id] = known


def cached_members(audience: Audience) -> Collection[int] | None:
    """The members of an audience if they are at hand and not older than its version."""
    known = _audiences.get(audience.id)
    if known is None or known[0] < audience.version:
        return None
    if not audience.without:
        return known[1]
    return [one for one in known[1] if one not in audience.without]


@control.watch("audience")
async def _forget_audience(audience: int) -> None:
    _audiences.pop(audience, None)
    if audience in _waiting:
        _outdated.add(audience)


@control.watch("close_devices")
async def _close_devices(ids_and_code: tuple[list[int], int]) -> None:
    ids, code = set(ids_and_code[0]), ids_and_code[1]
    for connection in tuple(_sockets):
        if connection.session.device_id in ids:
            connection.close(code)
            remove(connection)


@control.watch("close_users")
async def _close_users(ids_and_code: tuple[list[int], int]) -> None:
    for user_id in ids_and_code[0]:
        for connection in local_connections(user_id):
            connection.close(ids_and_code[1])
            remove(connection)


@control.on_reconnect
async def _read_leases() -> None:
    """Control messages may have been missed: asks the database again about all that is cached."""
    _audiences.clear()
    _outdated.update(_waiting)
    devices = {connection.session.device_id for connection in tuple(_sockets)}
    if not devices:
        return
    live = await run_in_thread(identity().live, devices)
    for connection in tuple(_sockets):
        if connection.session.device_id not in live and connection.session.device_id in devices:
            connection.close(NOT_AUTHENTICATED)
            remove(connection)


def close_all() -> None:
    """Tells every client to come back after SOCKET_RESTART_SECONDS: the process is ending."""
    for connection in tuple(_sockets):
        connection.close(RESTARTING, str(settings.SOCKET_RESTART_SECONDS))


def _sweep() -> None:
    """Closes who let the token run out (4401) or has not been heard of for long (4408)."""
    now, silent_since = time.time(), asyncio.get_running_loop().time()
    silent_since -= settings.SOCKET_SILENT_SECONDS
    for connection in tuple(_sockets):
        if connection.session.expires_at <= now:
            connection.close(NOT_AUTHENTICATED)
        elif connection.heard_at < silent_since:
            connection.close(SILENT)
        if connection.closed:
            remove(connection)


@on_start
async def _start() -> None:
    _tasks.append(asyncio.create_task(_every(_SWEEP_SECONDS, _sweep_once)))
    _tasks.append(asyncio.create_task(_every(settings.LEASE_SECONDS, _read_leases)))


@on_stop
async def _stop() -> None:
    await end(_tasks)


async def _sweep_once() -> None:
    _sweep()


async def _every(seconds: float, act: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            await act()
        except Exception:
            log.exception("hub_task", task=act.__name__)
