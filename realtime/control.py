"""Control messages to every web process: NOTIFY inside the transaction that makes the change.

They arrive on commit, with Redis or without it (docs/decisions/0010).
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeVar

import msgspec
import psycopg
import structlog
from django.db import connection as db

from realtime.database import connect
from realtime.lifecycle import on_start, on_stop
from realtime.tasks import end

log = structlog.get_logger(__name__)

CHANNEL = "chatproject"
# PostgreSQL refuses payloads of 8,000 bytes; this many ids always fit.
_IDS_A_NOTIFY = 300

Handler = Callable[[Any], Awaitable[None]]
F = TypeVar("F", bound=Handler)
R = TypeVar("R", bound=Callable[[], Awaitable[None]])

_handlers: dict[str, list[Handler]] = {}
_reconnect: list[Callable[[], Awaitable[None]]] = []
_tasks: list["asyncio.Task[None]"] = []
_is_listening = False


def notify(kind: str, data: Any) -> None:
    """Sends ``data`` to every process's watchers of ``kind`` when the transaction commits."""
    payload = msgspec.json.encode([kind, data]).decode()
    with db.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])


def close_devices(device_ids: Iterable[int], code: int = 4401) -> None:
    """Closes all sockets of some devices."""
    for ids in _portions(device_ids):
        notify("close_devices", [ids, code])


def close_users(user_ids: Iterable[int], code: int = 4401) -> None:
    """Closes all sockets of some users."""
    for ids in _portions(user_ids):
        notify("close_users", [ids, code])


def forget_audience(audience: int) -> None:
    """Makes every process load the members of an audience anew."""
    notify("audience", audience)


def watch(kind: str) -> Callable[[F], F]:
    """``async handler(data)`` runs on the loop of each web process for each notice of ``kind``."""

    def register(handler: F) -> F:
        _handlers.setdefault(kind, []).append(handler)
        return handler

    return register


def on_reconnect(handler: R) -> R:
    """``async handler()`` runs when notices may have been missed."""
    _reconnect.append(handler)
    return handler


def is_listening() -> bool:
    """Whether this process hears notices at this moment, and has dealt with what it missed."""
    return _is_listening


def _portions(ids: Iterable[int]) -> Iterable[list[int]]:
    rest = list(ids)
    for begin in range(0, len(rest), _IDS_A_NOTIFY):
        yield rest[begin : begin + _IDS_A_NOTIFY]


@on_start
async def _start() -> None:
    _tasks.append(asyncio.create_task(_listen_for_ever()))


@on_stop
async def _stop() -> None:
    await end(_tasks)


async def _listen_for_ever() -> None:
    global _is_listening
    while True:
        try:
            async with await connect("listener") as connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                await _call(_reconnect)
                _is_listening = True
                async for notice in connection.notifies():
                    await _handle(notice.payload)
        except (psycopg.Error, OSError) as error:
            log.warning("listener_away", error=str(error))
        finally:
            _is_listening = False
        await asyncio.sleep(0.5)


async def _handle(payload: str) -> None:
    try:
        kind, data = msgspec.json.decode(payload, type=tuple[str, Any])
    except msgspec.DecodeError:  # whoever may use the database may notify; we listen on
        log.warning("control_odd")
        return
    for handler in _handlers.get(kind, ()):
        try:
            await handler(data)
        except Exception:
            log.exception("control", kind=kind)


async def _call(handlers: Iterable[Callable[[], Awaitable[None]]]) -> None:
    for handler in handlers:
        try:
            await handler()
        except Exception:
            log.exception("control_reconnect")
