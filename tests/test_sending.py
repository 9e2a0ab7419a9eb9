"""One message for each client_id, one log for each chat, and sync equals the history."""

import asyncio
from typing import Any

import pytest

from tests.client import Json, People, Refused, Socket, new_client_id

IN_FLIGHT = 32


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
