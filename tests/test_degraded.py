"""Without Valkey everything durable works; without PostgreSQL nothing is promised; both heal."""

import asyncio
import time
from typing import Any

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from tests.client import (
    Json,
    People,
    Person,
    Refused,
    Socket,
    error_of,
    eventually,
    new_client_id,
    open_socket,
)
from tests.cluster import Cluster, sockets_on_both

#: From when the database is back to when everything works.
RECOVERY_SECONDS = 5.0


async def send(at: Socket, chat: str, text: str) -> Json:
    """A message over the socket; its acknowledgement."""
    return await at.ask("chat:send", chat=chat, client_id=new_client_id(), text=text)


async def test_pushes_cross_between_processes(cluster_people: People) -> None:
    alice, bob = await cluster_people("alice", "bob")
    chat = await alice.connect(bob)
    at_alice = await sockets_on_both(alice)
    at_bob = await sockets_on_both(bob)
    one, other = at_alice
    sent = await send(at_alice[one], chat, "hello")
    for at in (*at_bob.values(), at_alice[other]):
        assert (await at.expect("chat:receive"))["message"]["id"] == sent["id"]
    await at_bob[other].ask("message:seen", chat=chat, seq=1)
    for at in (*at_alice.values(), at_bob[one]):
        assert (await at.expect("message:seen"))["user"] == bob.id

    async def is_told_of_typing() -> bool:
        # A busy server may refuse it, and nobody keeps it: a client that types says so again.
        await at_bob[other].send("chat:typing", {"chat": chat, "typing": True})
        return any(push["user"] == bob.id for push in at_alice[one].pushes("chat:typing"))

    await eventually(is_told_of_typing, every=0.1)
    over_http = await bob.say(chat, "hi")
    for at in (*at_alice.values(), *at_bob.values()):
        await at.expect("chat:receive")
        await at.settled()
        assert (await at.ask("ping"))["heads"] == {chat: over_http["seq"]}
    # Presence knows the sockets of all processes.
    await at_bob[one].close()
    (row,) = await alice.ask("GET", "presence/", params={"user": bob.id})
    assert row["online"] is True
    await at_bob[other].close()
    await at_alice[one].expect("user:offline", user=bob.id)


async def everything_durable_works(people: People) -> None:
    """The whole story but for what needs the other process or presence."""
    alice, bob = await people("alice", "bob")
    chat = await alice.connect(bob)
    at_alice, at_bob = await sockets_on_both(alice), await sockets_on_both(bob)
    one, other = at_alice
    sent = await send(at_alice[one], chat, "over the socket")
    assert (await at_bob[one].expect("chat:receive"))["message"]["id"] == sent["id"]
    await bob.say(chat, "over HTTP")
    assert (await at_bob[one].ask("message:seen", chat=chat, seq=2))["seq"] == 2
    assert (await at_alice[one].expect("message:seen", user=bob.id))["seq"] == 2
    assert (await bob.ask("POST", f"chats/{chat}/delivered/", json={"seq": 2}))["seq"] == 2
    info = await alice.ask("GET", f"chats/{chat}/messages/1/status/")
    assert info["status"] == "seen"
    texts = ["over the socket", "over HTTP"]
    assert [one["text"] for one in await alice.messages(chat)] == texts
    history = await at_bob[other].ask("chat:history", chat=chat)
    assert [one["text"] for one in history["results"]] == texts
    synced = await at_bob[other].ask("sync", heads={chat: 0}, position=2**50)
    assert [event["data"]["message"]["text"] for event in synced["events"]] == texts
    (row,) = await alice.ask("GET", "presence/", params={"user": bob.id})
    assert row["online"] is None
    contacts = await alice.ask("GET", "connections/")
    assert contacts["results"][0]["online"] is None
    await alice.ask("GET", f"chats/{chat}/online-users/")
    pair = await bob.ask("POST", "auth/token/refresh/", json={"refresh": bob.refresh})
    assert pair["access"]


async def test_without_valkey_everything_durable_works(
    cluster: Cluster, cluster_people: People
) -> None:
    alice, bob = await cluster_people("alice", "bob")
    chat = await alice.connect(bob)
    at_alice, at_bob = await sockets_on_both(alice), await sockets_on_both(bob)
    one, other = at_alice
    cluster.valkey.kill()
    try:
        # The push to the other process is lost; its client is told where the logs stand.
        begun = time.monotonic()
        sent = await send(at_alice[one], chat, "into the dark")
        await at_bob[one].expect("chat:receive")
        await at_bob[other].take(
            lambda frame: (
                frame["event"] == "pong"
                and "ref" not in frame
                and frame["data"]["heads"] == {chat: sent["seq"]}
            )
        )
        assert time.monotonic() - begun < 6
        synced = await at_bob[other].ask("sync", heads={chat: 0}, position=2**50)
        assert synced["events"][0]["data"]["message"]["text"] == "into the dark"
        await everything_durable_works(cluster_people)
    finally:
        cluster.valkey.start()

    async def is_live_again() -> bool:
        ack = await send(at_alice[one], chat, "are you there?")
        await at_bob[one].expect("chat:receive")
        await at_bob[other].ask("ping")
        heard = [push["message"]["seq"] for push in at_bob[other].pushes("chat:receive")]
        return ack["seq"] in heard

    await eventually(is_live_again, every=0.2)

    async def is_known_online() -> bool:
        await asyncio.gather(*(at.ask("ping") for at in at_bob.values()))
        (row,) = await alice.ask("GET", "presence/", params={"user": bob.id})
        return row["online"] is True

    await eventually(is_known_online, every=0.2)


async def test_a_frozen_valkey_holds_nobody_up_for_long(
    cluster: Cluster, cluster_people: People
) -> None:
    with cluster.valkey.frozen():
        begun = time.monotonic()
        await everything_durable_works(cluster_people)
        assert time.monotonic() - begun < 15


async def refused(person: Person, method: str, path: str, json: Json | None = None) -> None:
    """503 in the envelope, soon; never a 500, never a hang."""
    begun = time.monotonic()
    answer = await person.http.request(method, path, json=json)
    assert (answer.status_code, error_of(answer)["code"]) == (503, "unavailable"), answer.text
    assert time.monotonic() - begun < 6, path


async def refused_frame(at: Socket, event: str, **data: Any) -> None:
    """The same on the socket, which stays open."""
    with pytest.raises(Refused) as refusal:
        await at.ask(event, **data)
    assert refusal.value.code == "unavailable", event


async def test_without_postgres_nothing_is_acknowledged_and_all_heals(
    cluster: Cluster, cluster_people: People
) -> None:
    alice, bob = await cluster_people("alice", "bob")
    chat = await alice.connect(bob)
    at_alice, at_bob = await sockets_on_both(alice), await sockets_on_both(bob)
    one, other = at_alice
    await send(at_alice[one], chat, "before")
    for at in at_bob.values():
        await at.expect("chat:receive")
    body = {"client_id": new_client_id(), "text": "during"}
    cluster.postgres.kill()
    try:
        login = {"identifier": "eve@example.org"}
        await asyncio.gather(
            refused_frame(at_alice[one], "chat:send", chat=chat, **body),
            refused_frame(at_alice[one], "chat:history", chat=chat),
            refused_frame(at_alice[other], "sync"),
            refused_frame(at_alice[other], "message:seen", chat=chat, seq=1),
            refused_frame(at_bob[one], "chat:typing", chat=chat, typing=True),
            refused_frame(at_bob[one], "ping"),
            refused_frame(at_bob[other], "auth", token=bob.access),
            refused(alice, "GET", "users/me/"),
            refused(alice, "GET", f"chats/{chat}/messages/"),
            refused(alice, "POST", f"chats/{chat}/messages/", json=body),
            refused(alice, "POST", "sync/", json={"heads": {}}),
            refused(alice, "POST", "connections/qr/"),
            refused(alice, "POST", "auth/otp/request/", json=login),
            refused(alice, "POST", "auth/otp/verify/", json={**login, "code": "123456"}),
            refused(alice, "POST", "auth/token/refresh/", json={"refresh": alice.refresh}),
        )
        with pytest.raises(InvalidStatus) as handshake:
            await open_socket(cluster.server, alice.access)
        assert handshake.value.response.status_code == 503
        async with httpx.AsyncClient(base_url=cluster.server.url, trust_env=False) as asking:
            assert (await asking.get("/healthz")).status_code == 200
            assert (await asking.get("/readyz")).status_code == 503
    finally:
        cluster.postgres.start()
    begun = time.monotonic()
    # The sockets are still the same ones.
    acks = await asyncio.gather(*(acknowledged(at, chat, body) for at in at_alice.values()))
    assert {ack["seq"] for ack in acks} == {2}, "both doors wrote one message"
    await eventually(lambda: answers(alice), every=0.1)
    await eventually(cluster_people.is_ready, every=0.1)
    took = time.monotonic() - begun
    assert took < RECOVERY_SECONDS
    for at in at_bob.values():
        assert (await at.expect("chat:receive"))["message"]["text"] == "during"
    assert [one["text"] for one in await bob.messages(chat)] == ["before", "during"]
    # Notices are heard again too.
    await alice.ask("POST", "auth/logout/")
    assert [await at.closed(1) for at in at_alice.values()] == [4401, 4401]


async def acknowledged(at: Socket, chat: str, body: Json) -> Json:
    """Sends until it is acknowledged, as a client does."""

    async def is_acknowledged() -> Json | None:
        try:
            return await at.ask("chat:send", chat=chat, **body)
        except Refused as refusal:
            assert refusal.code == "unavailable"
            return None

    ack = await eventually(is_acknowledged)
    assert ack is not None
    return ack


async def answers(person: Person) -> bool:
    """Whether HTTP works, several times in a row, so that no dead connection is left."""
    got = await asyncio.gather(*(person.http.get("users/me/") for _ in range(8)))
    return all(answer.status_code == 200 for answer in got)
