"""The outermost application: how many sockets a process lets in."""

import asyncio
from typing import Any

from pytest_django import Settings

from chatproject.asgi import application


class Guest:
    """A socket that says nothing after its handshake, over ASGI."""

    def __init__(self, path: str = "/ws/") -> None:
        self.incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.outgoing: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.incoming.put_nowait({"type": "websocket.connect"})
        scope = {"type": "websocket", "path": path, "headers": [(b"host", b"localhost")]}
        self.task = asyncio.ensure_future(application(scope, self.incoming.get, self.outgoing.put))

    async def answer(self) -> str:
        """Whether it was let in."""
        message = await asyncio.wait_for(self.outgoing.get(), 10)
        return str(message["type"])

    async def leave(self) -> None:
        """Disconnects, and waits for the end."""
        self.incoming.put_nowait({"type": "websocket.disconnect", "code": 1000})
        await asyncio.wait_for(self.task, 10)


async def test_sockets_that_never_authenticate_count_too(settings: Settings) -> None:
    settings.SOCKETS_PER_PROCESS = 2
    first, second, third = Guest(), Guest(), Guest()
    answers = [await guest.answer() for guest in (first, second, third)]
    assert answers == ["websocket.accept", "websocket.accept", "websocket.close"]
    await first.leave()
    fourth = Guest()
    assert await fourth.answer() == "websocket.accept"
    for guest in (second, fourth):
        await guest.leave()


async def test_there_is_one_path() -> None:
    assert await Guest("/ws").answer() == "websocket.close"
