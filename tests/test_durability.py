"""What was acknowledged is there once, in order, whoever is killed and however often it is sent."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
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
    people_of,
)
from tests.server import Server

pytestmark = pytest.mark.xdist_group("faults")

PAIRS = 16
MESSAGES = 150
IN_FLIGHT = 32


@pytest.fixture(scope="module")
def fragile(start_server: Callable[..., Server]) -> Server:
    """A server whose parts are killed."""
    return start_server()


@pytest.fixture
async def fragile_people(fragile: Server) -> AsyncIterator[People]:
    """Its people."""
    async with people_of(fragile) as people:
        yield people


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
            at = await eventually(self._open, seconds=20)
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


async def test_one_client_id_over_both_doors_at_once_is_one_message(people: People) -> None:
    alice, bob = await people("alice", "bob")
    chat = await alice.connect(bob)
    at_bob = await bob.socket()
    sockets = [await alice.socket() for _ in range(4)]
    body = {"client_id": new_client_id(), "text": "only once"}
    over_socket = [at.ask("chat:send", chat=chat, **body) for at in sockets for _ in range(5)]
    over_http = [alice.http.post(f"chats/{chat}/messages/", json=body) for _ in range(20)]
    acks, answers = await asyncio.gather(asyncio.gather(*over_socket), asyncio.gather(*over_http))
    places = {(ack["id"], ack["seq"], ack["created_at"]) for ack in acks}
    for answer in answers:
        assert answer.status_code in {200, 201}, answer.text
        message = answer.json()
        places.add((message["id"], message["seq"], message["created_at"]))
    assert len(places) == 1
    firsts = [ack for ack in acks if not ack["duplicate"]]
    assert len(firsts) + [answer.status_code for answer in answers].count(201) == 1
    assert [one["text"] for one in await bob.messages(chat)] == ["only once"]
    await at_bob.expect("chat:receive")
    await at_bob.settled()
    assert at_bob.pushes("chat:receive") == []


async def test_a_client_id_belongs_to_its_sender_and_its_content(people: People) -> None:
    alice, bob = await people("alice", "bob")
    chat = await alice.connect(bob)
    at_alice = await alice.socket()
    body = {"client_id": new_client_id(), "text": "hello"}
    first = await at_alice.ask("chat:send", chat=chat, **body)
    with pytest.raises(Refused) as refusal:
        await at_alice.ask("chat:send", chat=chat, **(body | {"text": "other"}))
    assert refusal.value.code == "client_id_reused"
    reused = await alice.refused("POST", f"chats/{chat}/messages/", json=body | {"text": "other"})
    assert reused == (409, "client_id_reused")
    # Bob may use the same id: it is unique per sender.
    assert (await bob.say(chat, "hello", client_id=body["client_id"]))["seq"] == 2
    # The repeat check comes before the access check.
    await bob.ask("DELETE", f"connections/{alice.id}/", 204)
    again = await at_alice.ask("chat:send", chat=chat, **body)
    assert again == first | {"duplicate": True}
    assert (await alice.say(chat, "hello", 200, client_id=body["client_id"]))["seq"] == 1
    closed = await alice.refused(
        "POST", f"chats/{chat}/messages/", json=body | {"client_id": new_client_id()}
    )
    assert closed == (403, "chat_closed")


async def test_many_senders_share_one_log_without_holes(people: People) -> None:
    alice, bob = await people("alice", "bob")
    chat = await alice.connect(bob)
    sockets = [await one.socket() for one in (alice, bob) for _ in range(3)]
    listening = await bob.socket()
    count = 40

    async def send(at: Socket, name: int) -> list[int]:
        refs = [
            await at.send("chat:send", {"chat": chat, "client_id": f"{name}-{n}", "text": f"{n}"})
            for n in range(count)
        ]
        return [(await at.reply(ref))["seq"] for ref in refs]

    seqs = await asyncio.gather(*(send(at, name) for name, at in enumerate(sockets)))
    for of_one in seqs:
        assert of_one == sorted(of_one), "one sender's order is kept"
    everything = list(range(1, len(sockets) * count + 1))
    assert sorted(seq for of_one in seqs for seq in of_one) == everything
    # The live stream has no jump either.
    heard = [(await listening.expect("chat:receive"))["message"]["seq"] for _ in everything]
    assert heard == everything
    assert [one["seq"] for one in await alice.messages(chat)] == everything


async def test_sync_pages_through_a_backlog_and_equals_the_history(people: People) -> None:
    alice, bob = await people("alice", "bob")
    chat = await alice.connect(bob)
    at_alice = await alice.socket()
    count = 1203
    waiting: list[Any] = []
    for n in range(count):
        data = {"chat": chat, "client_id": new_client_id(), "text": f"{n}"}
        waiting.append(await at_alice.send("chat:send", data))
        if len(waiting) >= IN_FLIGHT:
            await at_alice.reply(waiting.pop(0))
    for ref in waiting:
        await at_alice.reply(ref)
    start = await bob.ask("GET", "sync/")
    held: Json = {**start, "heads": {chat: 1}}
    texts: list[str] = []
    pages = 0
    while True:
        answer = await bob.ask("POST", "sync/", json=held)
        pages += 1
        assert len(answer["events"]) <= 500
        texts += [
            event["data"]["message"]["text"]
            for event in answer["events"]
            if event["event"] == "chat:receive"
        ]
        held = {name: answer[name] for name in ("heads", "position", "marks", "epoch")}
        if not answer["more"]:
            break
    assert texts == [f"{n}" for n in range(1, count)] and pages == 3
    assert held["heads"] == {chat: count}
    # A client that claims more than there is starts that chat anew.
    ahead = await bob.ask("POST", "sync/", json={**held, "heads": {chat: count + 5}})
    assert ahead["reset"] == [chat] and ahead["heads"] == {chat: count}
