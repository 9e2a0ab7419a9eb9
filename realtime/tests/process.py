"""A web process without a server: its loop in a thread, with all that starts in one."""

from presence.tests.web import Web
from realtime import lifecycle, runtime


class Process(Web):
    """A loop with the writer, the bus, the listener and the hub's tasks running on it."""

    async def _register(self) -> None:
        runtime.register()
        await lifecycle.started()

    async def _unregister(self) -> None:
        await lifecycle.stopped()
        await super()._unregister()
