"""A web process without a server: a loop in a thread, the hub, and sockets that keep frames."""

import asyncio
import json
from collections.abc import Coroutine
from threading import Thread
from typing import Any, Self, TypeVar

from accounts.models import User
from realtime import hub, runtime
from realtime.connection import Connection
from realtime.session import Session

T = TypeVar("T")


class Web:
    """What pushes reach in one process."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = Thread(target=self.loop.run_forever)
        self._frames: dict[int, list[dict[str, Any]]] = {}
        self._connections: list[Connection] = []

    def __enter__(self) -> Self:
        self._thread.start()
        self.run(self._register())
        return self

    def __exit__(self, *_: object) -> None:
        self.run(self._unregister())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Runs something on the loop and waits for it."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(10)

    def watch(self, *users: User) -> None:
        """Opens a socket of each."""
        for user in users:
            self._frames.setdefault(user.pk, [])
            self.run(self._open(user.pk))

    def seen(self, user: User) -> list[tuple[str, dict[str, Any]]]:
        """What was pushed to the user since the last look."""
        self.run(asyncio.sleep(0))
        frames = self._frames[user.pk]
        found = [(frame["event"], frame["data"]) for frame in frames]
        frames.clear()
        return found

    async def _register(self) -> None:
        runtime.register()

    async def _unregister(self) -> None:
        for connection in self._connections:
            hub.remove(connection)
        runtime.unregister()

    async def _open(self, user_id: int) -> None:
        async def send(message: dict[str, Any]) -> None:
            self._frames[user_id].append(json.loads(message["text"]))

        number = 1_000_000 + len(self._connections)
        session = Session(user_id, device_id=number, expires_at=2**40, socket=number)
        connection = Connection(session, send, lambda: None)
        self._connections.append(connection)
        hub.add(connection)
