"""A restored backup is another history: every client starts afresh, none diverges silently."""

from pathlib import Path

import pytest

from tests.client import Json, People, Person, Refused, eventually, new_client_id
from tests.server import Server


async def start_afresh(person: Person) -> tuple[Json, dict[str, list[str]]]:
    """What a fresh client does: note the place, list the chats, page the histories."""
    place = await person.ask("GET", "sync/")
    chats = (await person.ask("GET", "chats/"))["results"]
    held = {**place, "heads": {chat["id"]: chat["head"] for chat in chats}}
    texts = {
        chat["id"]: [one["text"] for one in await person.messages(chat["id"])] for chat in chats
    }
    return held, texts


async def test_after_a_restore_clients_start_afresh(
    fragile: Server, fragile_people: People, tmp_path: Path
) -> None:
    alice, bob, carol = await fragile_people("alice", "bob", "carol")
    chat = await alice.connect(bob)
    for n in range(3):
        await alice.say(chat, f"before {n}")
    file = tmp_path / "backup"
    fragile.manage("backup", str(file))
    lost = [await alice.say(chat, f"lost {n}") for n in range(4)]
    later_chat = await bob.connect(carol)
    await bob.say(later_chat, "lost too")
    held, texts = await start_afresh(bob)
    assert held["heads"] == {chat: 7, later_chat: 1}

    fragile.stop()
    fragile.manage("restore", "--yes", str(file))
    fragile.start()
    await eventually(fragile_people.is_ready)

    # The server writes other messages under the numbers that Bob holds.
    again = await alice.say(chat, "after 0", client_id=lost[0]["client_id"])
    assert again["seq"] == 4 and again["status"] == "sent"
    for n in range(1, 4):
        await alice.say(chat, f"after {n}")
    at_bob = await bob.socket()
    synced = await at_bob.ask("sync", **held)
    assert synced["epoch"] != held["epoch"]
    assert (await at_bob.ask("ping"))["epoch"] == synced["epoch"]
    assert synced["events"] == [] and synced["more"] is False

    held, texts = await start_afresh(bob)
    assert held["epoch"] == synced["epoch"]
    assert texts == {chat: [*(f"before {n}" for n in range(3)), *(f"after {n}" for n in range(4))]}
    assert texts == (await start_afresh(alice))[1]
    # From there on sync goes on as ever, and what is gone is gone.
    await alice.say(chat, "go on")
    answer = await bob.ask("POST", "sync/", json=held)
    received = [e["data"]["message"] for e in answer["events"] if e["event"] == "chat:receive"]
    assert [(one["seq"], one["text"]) for one in received] == [(8, "go on")]
    with pytest.raises(Refused) as refusal:
        await at_bob.ask("chat:send", chat=later_chat, client_id=new_client_id(), text="x")
    assert refusal.value.code == "chat_not_found"
    # Carol signed up before the backup; her tokens are still good.
    assert (await carol.ask("GET", "chats/"))["results"] == []
