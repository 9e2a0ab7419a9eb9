"""A web process without a server: its loop in a thread, with all that starts in one."""

import itertools
import json
import time
from collections.abc import Callable
from typing import Any

from accounts.models import Device, User
from presence.tests.web import Web
from realtime import hub, lifecycle, runtime
from realtime.connection import Connection
from realtime.session import Session

_numbers = itertools.count(2_000_000)


class Socket:
    """A socket of a device in the process, and what came out of it."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.number = next(_numbers)
        self.frames: list[tuple[str, Any]] = []
        self.code: int | None = None
        self.reason = ""

    async def send(self, message: dict[str, Any]) -> None:
        """The ASGI end."""
        if message["type"] == "websocket.close":
            self.code, self.reason = message["code"], message.get("reason", "")
        else:
            frame = json.loads(message["text"])
            self.frames.append((frame["event"], frame["data"]))

    def names(self) -> list[str]:
        """The events that came out since the last look."""
        names = [event for event, _ in self.frames]
        self.frames.clear()
        return names


class Process(Web):
    """A loop with the writer, the bus, the listener and the hub's tasks running on it."""

    async def _register(self) -> None:
        runtime.register()
        await lifecycle.started()

    async def _unregister(self) -> None:
        await lifecycle.stopped()
        await super()._unregister()

    def open(self, user: User, *, of: Socket | None = None, expires_at: float = 2**40) -> Socket:
        """A socket of a new device of the user's, or of the same device as another socket."""
        socket = Socket(of.device if of else Device.objects.create(user=user, name="Phone"))
        self.run(self._add(socket, user.pk, expires_at))
        return socket

    async def _add(self, socket: Socket, user_id: int, expires_at: float) -> None:
        session = Session(user_id, socket.device.pk, expires_at, socket.number)
        connection = Connection(session, socket.send, lambda: None)
        self._connections.append(connection)
        hub.add(connection)


def wait_for(holds: Callable[[], Any], seconds: float = 10) -> None:
    """Until it holds, for what happens on other threads and in other processes."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not come to hold"
        time.sleep(0.005)
