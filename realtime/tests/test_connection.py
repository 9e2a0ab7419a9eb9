"""A socket's way out: straight through, in order, bounded, and nobody else's trouble."""

import asyncio
from typing import Any

import pytest

from realtime.connection import Connection
from realtime.session import Session


class Transport:
    """The other end: writable, or full until it is told to go on."""

    def __init__(self) -> None:
        self.written: list[dict[str, Any]] = []
        self.writable = asyncio.Event()
        self.writable.set()
        self.aborted = 0
        self.fails = False

    async def send(self, message: dict[str, Any]) -> None:
        """ASGI's send: it suspends while the peer does not read."""
        if self.fails:
            raise OSError("gone")
        self.written.append(message)
        await self._drained()

    async def _drained(self) -> None:
        while not self.writable.is_set():
            await self.writable.wait()

    def abort(self) -> None:
        """Cuts the connection."""
        self.aborted += 1
        self.fails = True
        self.writable.set()

    def texts(self) -> list[str]:
        """The frames that came out."""
        return [message["text"] for message in self.written if "text" in message]


def connection_of(transport: Transport) -> Connection:
    """A socket on the transport."""
    return Connection(Session(1, 2, 2**40, 3), transport.send, transport.abort)


async def settle() -> None:
    """Lets the loop's tasks run."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_a_writable_transport_is_written_at_once() -> None:
    transport = Transport()
    connection = connection_of(transport)
    tasks = asyncio.all_tasks()
    for n in range(1000):
        connection.push(f"{n}")
        assert len(transport.written) == n + 1
    assert asyncio.all_tasks() == tasks  # not a task a frame
    assert not connection.closed


async def test_order_is_kept_while_the_transport_suspends() -> None:
    transport = Transport()
    connection = connection_of(transport)
    connection.push("0")
    transport.writable.clear()
    for n in range(1, 50):
        connection.push(f"{n}")
    await settle()
    assert transport.texts() == ["0", "1"]
    transport.writable.set()
    connection.push("50")
    await settle()
    connection.push("51")
    assert transport.texts() == [f"{n}" for n in range(52)]


async def test_many_suspensions_keep_the_order() -> None:
    transport = Transport()
    connection = connection_of(transport)
    for n in range(300):
        if n % 7 == 0:
            transport.writable.clear()
        if n % 7 == 5:
            transport.writable.set()
            await settle()
        connection.push(f"{n}")
    transport.writable.set()
    await settle()
    assert transport.texts() == [f"{n}" for n in range(300)]
    assert transport.aborted == 0


@pytest.mark.parametrize(("frames", "is_cut"), [(256, False), (257, True)])
async def test_a_reader_is_cut_at_256_frames(frames: int, is_cut: bool) -> None:
    transport = Transport()
    connection = connection_of(transport)
    transport.writable.clear()
    connection.push("being written")
    for n in range(frames):
        connection.push(f"{n}")
    assert (connection.closed, transport.aborted) == (is_cut, int(is_cut))
    transport.writable.set()
    await settle()
    assert len(transport.texts()) == (1 if is_cut else 1 + frames)


@pytest.mark.parametrize("letter", ["x", "\u00e9", "\U0001f600"])
async def test_a_reader_is_cut_at_a_mebibyte(letter: str) -> None:
    transport = Transport()
    connection = connection_of(transport)
    transport.writable.clear()
    connection.push("being written")
    frame = letter * (64 * 1024 // len(letter.encode()))
    for _ in range(16):
        connection.push(frame)
    assert not connection.closed
    connection.push("x")
    assert connection.closed and transport.aborted == 1
    connection.push("more")
    connection.close(4401)
    assert transport.aborted == 1


async def test_what_was_written_makes_room_again() -> None:
    transport = Transport()
    connection = connection_of(transport)
    for _ in range(5):
        transport.writable.clear()
        for _ in range(200):
            connection.push("x" * 5000)
        transport.writable.set()
        await asyncio.wait_for(connection.written(), 1)
    assert not connection.closed and len(transport.texts()) == 1000


async def test_a_slow_reader_is_nobody_elses_trouble() -> None:
    slow, quick = Transport(), Transport()
    connections = [connection_of(slow), connection_of(quick)]
    slow.writable.clear()
    for n in range(1000):
        for connection in connections:
            connection.push(f"{n}")
        assert len(quick.written) == n + 1
    assert slow.aborted == 1 and quick.aborted == 0


async def test_a_close_goes_after_what_is_queued_and_ends_it() -> None:
    transport = Transport()
    connection = connection_of(transport)
    transport.writable.clear()
    connection.push("one")
    connection.push("two")
    connection.close(4401, "bye")
    connection.close(4409)
    connection.push("three")
    transport.writable.set()
    await settle()
    assert transport.texts() == ["one", "two"]
    assert transport.written[-1] == {"type": "websocket.close", "code": 4401, "reason": "bye"}
    assert len(transport.written) == 3


@pytest.mark.parametrize("suspends", [False, True])
async def test_a_transport_that_fails_closes_the_socket_quietly(suspends: bool) -> None:
    transport = Transport()
    connection = connection_of(transport)
    if suspends:
        transport.writable.clear()
        connection.push("one")
        connection.push("two")
    transport.fails = True
    transport.writable.set()
    connection.push("three")
    await settle()
    assert connection.closed


async def test_who_asks_for_much_waits_for_its_own_reading() -> None:
    transport = Transport()
    connection = connection_of(transport)
    await asyncio.wait_for(connection.written(), 1)  # nothing to wait for
    transport.writable.clear()
    connection.push("x" * 2_000_000)
    waiting = asyncio.create_task(connection.written())
    await settle()
    assert not waiting.done()
    transport.writable.set()
    await asyncio.wait_for(waiting, 1)
    connection.push("x" * 2_000_000)
    assert not connection.closed


async def test_waiting_ends_when_the_socket_is_cut() -> None:
    transport = Transport()
    connection = connection_of(transport)
    transport.writable.clear()
    connection.push("one")
    waiting = asyncio.create_task(connection.written())
    await settle()
    connection.abort()
    await asyncio.wait_for(waiting, 1)
