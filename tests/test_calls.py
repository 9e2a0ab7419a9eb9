"""Calls as devices see them: ringing everywhere, one answers, signals go where they should."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from tests.client import People, Person, Refused, Socket, eventually, people_of
from tests.server import Server


@pytest.fixture
async def hasty_people(start_server: Callable[..., Server]) -> AsyncIterator[People]:
    """People of a server that loses patience soon."""
    hasty = start_server(CALL_RING_SECONDS="1", CALL_VANISHED_SECONDS="1", CALL_TIDY_SECONDS="0.2")
    async with people_of(hasty) as made:
        yield made


async def call(caller: Person, chat: str, media: str = "audio") -> dict[str, Any]:
    """A call that rings."""
    made: dict[str, Any] = await caller.ask(
        "POST", "calls/", 201, json={"chat": chat, "media": media}
    )
    return made


async def refused(socket: Socket, event: str, **data: Any) -> str:
    """The code with which a command is refused."""
    with pytest.raises(Refused) as refusal:
        await socket.ask(event, **data)
    return refusal.value.code


async def test_all_devices_ring_and_one_answers(people: People) -> None:
    alice, bob, carol = await people("alice", "bob", "carol")
    chat = await alice.connect(bob)
    other = await bob.other_device()
    at_alice, at_bob, tab, at_other = (
        await alice.socket(), await bob.socket(), await bob.socket(), await other.socket()
    )  # fmt: skip
    at_carol = await carol.socket()
    made = await call(alice, chat, "video")
    here = {"call": made["id"]}
    for socket in (at_bob, tab, at_other):
        told = await socket.expect("call:new")
        assert told["call"]["id"] == made["id"] and told["call"]["media"] == "video"
    await at_bob.ask("call:ringing", **here)
    ringing = await at_alice.expect("call:ringing")
    assert ringing == {**here, "from": {"user": bob.id, "device": bob.device}}
    await at_alice.ask("call:offer", **here, sdp={"type": "offer", "sdp": "v=0 ä"})
    for socket in (at_bob, tab, at_other):
        offer = await socket.expect("call:offer")
        assert offer["sdp"] == {"type": "offer", "sdp": "v=0 ä"}
        assert offer["from"] == {"user": alice.id, "device": alice.device}

    # The first answer wins; another device and another tab of the same one come too late.
    await at_bob.ask("call:answer", **here, to=alice.device, sdp={"type": "answer"})
    assert (await at_alice.expect("call:answer"))["from"]["device"] == bob.device
    for socket in (tab, at_other):
        assert (await socket.expect("call:updated", answered_elsewhere=True))["call"]["state"] == (
            "active"
        )
        assert await refused(socket, "call:answer", **here, sdp={}) == "call_answered"
        assert await refused(socket, "call:ice", **here, candidate={}) == "call_answered"

    # To one device, or to all of the other side.
    await at_alice.ask("call:ice", **here, to=bob.device, candidate={"candidate": "1"})
    assert (await at_bob.expect("call:ice"))["candidate"] == {"candidate": "1"}
    await at_other.settled()
    assert at_other.pushes("call:ice") == []
    for device in (carol.device, alice.device, "1", "x"):
        code = await refused(at_alice, "call:ice", **here, to=device, candidate=None)
        assert code == "device_not_found"

    # A stranger hears nothing of it, and can say nothing.
    for event in (
        "call:offer",
        "call:answer",
        "call:ice",
        "call:ringing",
        "call:reject",
        "call:end",
    ):
        assert await refused(at_carol, event, **here) == "call_not_found"
    assert await refused(at_carol, "call:ice", **here, to=5) == "call_not_found"
    await at_carol.settled()
    assert not any(frame["event"].startswith("call:") for frame in at_carol.frames)

    # The tab that has answered may be reloaded: another socket of its device goes on.
    await at_bob.close()

    async def goes_on() -> bool:
        try:
            await tab.ask("call:ice", **here, candidate={"candidate": "2"})
        except Refused:
            return False
        return True

    await eventually(goes_on)
    await tab.ask("call:end", **here)
    assert (await at_alice.expect("call:end"))["reason"] == "completed"
    message = (await at_alice.expect("chat:receive"))["message"]
    assert message["kind"] == "call" and message["content"]["call"] == made["id"]
    assert message["sender"] == alice.id and message["content"]["reason"] == "completed"
    await other.leave()


async def test_a_block_ends_what_two_have_to_say(people: People) -> None:
    alice, bob = await people("alice", "bob")
    chat = await alice.connect(bob)
    at_alice, at_bob = await alice.socket(), await bob.socket()
    made = await call(alice, chat)
    await at_bob.ask("call:answer", call=made["id"], sdp={})
    await bob.ask("POST", "connections/blocks/", 201, json={"user": alice.id})
    for socket in (at_alice, at_bob):
        code = await refused(socket, "call:ice", call=made["id"], candidate={})
        assert code in {"chat_closed", "call_ended"}
    ended = await at_alice.expect("call:updated", seconds=10)
    while ended["call"]["state"] != "ended":
        ended = await at_alice.expect("call:updated", seconds=10)


async def test_nobody_answers_and_both_vanish(hasty_people: People) -> None:
    alice, bob = await hasty_people("alice", "bob")
    chat = await alice.connect(bob)
    at_alice, at_bob = await alice.socket(), await bob.socket()

    async def state(of: dict[str, Any]) -> tuple[str, str]:
        now = await alice.ask("GET", f"calls/{of['id']}/")
        return now["state"], now["reason"]

    missed = await call(alice, chat)
    message = (await at_bob.expect("chat:receive"))["message"]
    assert message["content"]["reason"] == "missed"
    assert await state(missed) == ("ended", "missed")
    assert (await bob.ask("GET", f"chats/{chat}/"))["unread"] == 1

    lost = await call(alice, chat)
    await at_bob.ask("call:answer", call=lost["id"], sdp={})
    await asyncio.gather(at_alice.drop(), at_bob.drop())

    async def has_ended() -> bool:
        return (await state(lost))[0] == "ended"

    await eventually(has_ended)
