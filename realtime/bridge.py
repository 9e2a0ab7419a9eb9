"""The way from the loop into synchronous Django code: an own thread pool, pooled connections.

Channels' default is one shared thread a process (docs/decisions/0002: 8 x slower).
"""

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.db import close_old_connections, connection

from realtime import control

P = ParamSpec("P")
R = TypeVar("R")


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(settings.BRIDGE_THREADS, thread_name_prefix="bridge")


async def run_in_thread(call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Runs ``call`` in the bridge and gives its database connection back to the pool after it.

    Cancelling the waiter does not stop the call: a transaction always ends one way or the other.
    """

    def work() -> R:
        try:
            return context.run(call, *args, **kwargs)
        finally:
            close_old_connections()

    context = contextvars.copy_context()
    return await asyncio.get_running_loop().run_in_executor(_threads(), work)


@control.on_reconnect
async def _replace_dead_connections() -> None:
    """The database was away: replaces what the pool has kept before somebody is handed it."""
    pool = connection.pool  # type: ignore[attr-defined]  # the stubs do not know it yet
    if pool and not pool.closed:  # it opens with its first connection
        await run_in_thread(pool.check)
