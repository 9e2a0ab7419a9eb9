"""What was acknowledged is there, once and in order, whoever is killed."""

import asyncio
import os
import signal
from collections.abc import Callable
from typing import Any

import psutil
import pytest
from websockets.exceptions import ConnectionClosed, InvalidMessage, InvalidStatus

from tests.client import (
    Closed,
    Json,
    People,
    Person,
    Refused,
    Socket,
    eventually,
    new_client_id,
    open_socket,
)
from tests.server import Server

PAIRS = 16
MESSAGES = 150
IN_FLIGHT = 32


class Sender:
    """Sends numbered texts through one socket after the other until all are acknowledged."""

    def __init__(self, person: Person, chat: str) -> None:
        self.person = person
        self.chat = chat
        self.texts = {new_client_id(): f"message {n}" for n in range(MESSAGES)}
        #: By client_id, the first acknowledgement.
        self.acks: dict[str, Json] = {}

    async def run(self) -> None:
        """Until everything is acknowledged; the connection may be lost at any time."""
        while len(self.acks) < MESSAGES:
            at = await eventually(self._open, seconds=60)  # a start on a busy machine
            assert at is not None
            try:
                await self._send_what_is_missing(at)
            except (ConnectionClosed, Closed):
                continue
            except Refused as refusal:
                # The database was away for long; the outcome is unknown, so send again.
                assert refusal.code == "unavailable"
            finally:
                await at.close()

    async def _open(self) -> Socket | None:
        try:
            at = await open_socket(self.person.server, self.person.access)
            await at.expect("ready", seconds=5)
        except (InvalidStatus, InvalidMessage, Closed, OSError):
            return None  # the server is being killed or is not back yet
        return at

    async def _send_what_is_missing(self, at: Socket) -> None:
        missing = [client_id for client_id in self.texts if client_id not in self.acks]
        waiting: list[tuple[Any, str]] = []
        for client_id in missing:
            data = {"chat": self.chat, "client_id": client_id, "text": self.texts[client_id]}
            waiting.append((await at.send("chat:send", data), client_id))
            if len(waiting) >= IN_FLIGHT:
                await self._take_ack(at, *waiting.pop(0))
        for ref, client_id in waiting:
            await self._take_ack(at, ref, client_id)

    async def _take_ack(self, at: Socket, ref: Any, client_id: str) -> None:
        ack = await at.reply(ref)
        self.acks[client_id] = ack


async def pairs(people: People, count: int) -> list[tuple[Person, Person, str]]:
    """Connected people and their chats."""
    everyone = await people(*(f"u{n}" for n in range(2 * count)))
    both = list(zip(everyone[::2], everyone[1::2], strict=True))
    chats = await asyncio.gather(*(one.connect(other) for one, other in both))
    return [(one, other, chat) for (one, other), chat in zip(both, chats, strict=True)]


def kill(processes: list[psutil.Process]) -> None:
    """SIGKILL, at once for all."""
    assert processes
    for process in processes:
        try:
            os.kill(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue  # a backend that ended with its postmaster


async def kill_web(server: Server) -> None:
    """The web process; the launcher brings it back."""
    kill(server.parts("web"))


async def kill_postgres(server: Server) -> None:
    """The postmaster, and with it the database until it has recovered."""
    kill(server.parts("postgres"))


async def kill_everything(server: Server) -> None:
    """The launcher and all its parts; somebody starts it again."""
    kill(server.all_processes())
    assert server.process is not None
    await asyncio.to_thread(server.process.communicate)
    await asyncio.to_thread(server.start)


@pytest.mark.parametrize("nemesis", [kill_web, kill_postgres, kill_everything])
async def test_acknowledged_messages_survive_sigkill(
    fragile: Server, fragile_people: People, nemesis: Callable[[Server], Any]
) -> None:
    talking = await pairs(fragile_people, PAIRS)
    senders = [Sender(one, chat) for one, _, chat in talking]
    total = PAIRS * MESSAGES
    load = asyncio.gather(*(sender.run() for sender in senders))

    async def is_under_way() -> bool:
        return sum(len(sender.acks) for sender in senders) > total // 5

    await eventually(is_under_way, every=0.001)
    acked_before = sum(len(sender.acks) for sender in senders)
    assert acked_before < total, "the load was over before the kill"
    await nemesis(fragile)
    await load
    await eventually(fragile_people.is_ready)
    for sender, (_, other, chat) in zip(senders, talking, strict=True):
        found = await other.messages(chat)
        assert [message["seq"] for message in found] == list(range(1, MESSAGES + 1))
        assert [message["text"] for message in found] == list(sender.texts.values())
        assert [message["client_id"] for message in found] == list(sender.texts)
        acked = [sender.acks[client_id] for client_id in sender.texts]
        assert [ack["seq"] for ack in acked] == list(range(1, MESSAGES + 1))
        assert [ack["created_at"] for ack in acked] == [one["created_at"] for one in found]
