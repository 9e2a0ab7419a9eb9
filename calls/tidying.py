"""What a web process does for calls by itself: it knows whose sockets are open."""

import asyncio

import structlog
from django.conf import settings
from django.db import DatabaseError

from calls.actions import note_alive, tidy_calls
from calls.signals import has_spoken, release
from core.clock import now
from realtime import hub
from realtime.bridge import run_in_thread
from realtime.lifecycle import on_close, on_start, on_stop
from realtime.session import Session
from realtime.tasks import end

log = structlog.get_logger(__name__)

_tasks: list["asyncio.Task[None]"] = []


@on_close
async def closed(session: Session) -> None:
    """Somebody who was in a call may come back with another socket."""
    if has_spoken(session):
        await run_in_thread(release, session)


@on_start
async def _start() -> None:
    _tasks.append(asyncio.create_task(_tidy_for_ever()))


@on_stop
async def _stop() -> None:
    await end(_tasks)


async def _tidy_for_ever() -> None:
    """Of several processes any does it; a row that one is at is passed over by the others."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    while True:
        await asyncio.sleep(settings.CALL_TIDY_SECONDS)
        # After a start clients are still coming back: nobody has vanished yet.
        settled = loop.time() - begun > settings.CALL_VANISHED_SECONDS
        try:
            await run_in_thread(_tidy, hub.local_devices(), settled)
        except DatabaseError as error:
            log.warning("calls_not_tidied", error=str(error))


def _tidy(devices: list[int], settled: bool) -> None:
    note_alive(devices)
    tidy_calls(now(), vanished=settled)
