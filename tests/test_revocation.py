"""Who is signed out, suspended, removed or blocked gets nothing more, within a second.

Everything on two web processes, once as it should be and once with Valkey dead.
"""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import aclosing

import httpx
import psycopg
import pytest
from websockets.exceptions import InvalidStatus

from tests.client import (
    PATIENCE_SECONDS,
    People,
    Person,
    Refused,
    Socket,
    eventually,
    new_client_id,
    open_socket,
)
from tests.cluster import Cluster, sockets_on_both

pytestmark = pytest.mark.usefixtures("with_or_without_valkey")

REVOKED_SECONDS = 1.0


async def closes_within_a_second(
    sockets: Iterable[Socket], revoke: Callable[[], Awaitable[object]]
) -> None:
    """Runs ``revoke`` and waits until all sockets are closed with 4401, a second after its ack."""
    await revoke()
    acked = time.monotonic()
    assert {await at.closed(REVOKED_SECONDS) for at in sockets} == {4401}
    assert time.monotonic() - acked < REVOKED_SECONDS


async def is_shut_out(person: Person) -> None:
    """HTTP, a new socket and the refresh token: all refused at once."""
    assert (await person.refused("GET", "users/me/"))[0] == 401
    assert (await person.refused("POST", "sync/", json={}))[0] == 401
    with pytest.raises(InvalidStatus) as refused:
        await open_socket(person.server, person.access)
    assert refused.value.response.status_code == 401
    late = await open_socket(person.server)
    with pytest.raises(Refused):
        await late.ask("auth", token=person.access)
    await late.close()
    refresh = {"refresh": person.refresh}
    assert (await person.refused("POST", "auth/token/refresh/", json=refresh))[0] == 401


async def test_logging_out(cluster_people: People) -> None:
    (alice,) = await cluster_people("alice")
    laptop = await alice.other_device()
    stays = await sockets_on_both(laptop)
    sockets = (await sockets_on_both(alice)).values()
    await closes_within_a_second(sockets, lambda: alice.http.post("auth/logout/"))
    await is_shut_out(alice)
    for at in stays.values():
        await at.ask("ping")
    await laptop.leave()


async def test_revoking_a_device(cluster_people: People) -> None:
    (alice,) = await cluster_people("alice")
    stolen = await alice.other_device()
    sockets = (await sockets_on_both(stolen)).values()
    listed = await alice.ask("GET", "auth/devices/")
    assert {row["id"] for row in listed["results"]} == {alice.device, stolen.device}
    path = f"auth/devices/{stolen.device}/"
    await closes_within_a_second(sockets, lambda: alice.ask("DELETE", path, 204))
    await is_shut_out(stolen)
    await alice.ask("GET", "users/me/")
    assert (await alice.refused("DELETE", path))[0] == 404
    await stolen.leave()


async def test_using_a_refresh_token_twice(cluster_people: People) -> None:
    (alice,) = await cluster_people("alice")
    sockets = (await sockets_on_both(alice)).values()
    used = {"refresh": alice.refresh}
    pair = await alice.ask("POST", "auth/token/refresh/", json=used)
    # In time it is a lost answer's repeat, and gets the same one.
    assert await alice.ask("POST", "auth/token/refresh/", json=used) == pair

    async def is_found_out() -> bool:
        return (await alice.http.post("auth/token/refresh/", json=used)).status_code == 401

    await closes_within_a_second(sockets, lambda: eventually(is_found_out))
    alice.take_tokens(pair["access"], pair["refresh"])
    await is_shut_out(alice)


async def test_forty_uses_of_a_refresh_token_at_once_get_one_answer(cluster_people: People) -> None:
    (alice,) = await cluster_people("alice")
    used = {"refresh": alice.refresh}
    answers = await asyncio.gather(
        *(alice.http.post("auth/token/refresh/", json=used) for _ in range(40))
    )
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1


@pytest.mark.parametrize("act", ["suspend", "ban"])
async def test_suspending_an_account_in_the_admin(
    act: str, cluster: Cluster, cluster_people: People
) -> None:
    alice, bob = await cluster_people("alice", "bob")
    chat = await alice.connect(bob)
    sockets = (await sockets_on_both(bob)).values()
    async with aclosing(await admin_of(cluster)) as admin:
        path = f"/admin/moderation/report/person/{bob.id}/{act}/"
        form = {
            "reason": "Spam.",
            "hours": "24",
            "csrfmiddlewaretoken": token_in((await admin.get(path)).text),
        }
        await closes_within_a_second(sockets, lambda: admin.post(path, data=form))
    await is_shut_out(bob)
    asked = await bob.http.post("auth/otp/request/", json={"identifier": bob.email})
    assert asked.status_code in {202, 401}
    assert [one["text"] for one in await alice.messages(chat)] == []


async def admin_of(cluster: Cluster) -> httpx.AsyncClient:
    """A browser that is signed in to the admin."""
    name, password = f"admin{new_client_id()}"[:20], "correct horse battery"
    browser = httpx.AsyncClient(
        base_url=cluster.server.url, trust_env=False, follow_redirects=True, timeout=10
    )
    account = {"username": name, "password": password}
    made = await browser.post("/api/v1/auth/register/", json=account)
    assert made.status_code == 201, made.text
    async with await psycopg.AsyncConnection.connect(cluster.database) as database:
        await database.execute(
            "UPDATE accounts_user SET is_staff = true, is_superuser = true WHERE username = %s",
            [name],
        )
    page = (await browser.get("/admin/login/")).text
    form = {**account, "csrfmiddlewaretoken": token_in(page), "next": "/admin/"}
    inside = await browser.post("/admin/login/", data=form)
    assert "/admin/login/" not in str(inside.url), inside.text
    return browser


def token_in(page: str) -> str:
    """The CSRF token of a form."""
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found, page
    return found[1]


@pytest.mark.parametrize("act", ["block", "remove"])
async def test_ending_a_connection_ends_everything_between_the_two(
    cluster_people: People, act: str
) -> None:
    alice, bob, dave = await cluster_people("alice", "bob", "dave")
    chat, control = await alice.connect(dave), await bob.connect(dave)
    at_alice, at_dave = await sockets_on_both(alice), await sockets_on_both(dave)
    at_bob = await sockets_on_both(bob)
    one, other = at_alice
    refused_at: list[float] = []

    async def talk(at: Socket) -> None:
        """Sends until the chat is closed."""
        while True:
            try:
                await at.ask("chat:send", chat=chat, client_id=new_client_id(), text="still?")
            except Refused as refusal:
                assert refusal.code == "chat_closed"
                refused_at.append(time.monotonic())
                return

    talking = [asyncio.create_task(talk(at)) for at in (at_alice[one], at_dave[other])]
    await at_dave[one].expect("chat:receive")
    if act == "block":
        await alice.ask("POST", "connections/blocks/", 201, json={"user": dave.id})
    else:
        await alice.ask("DELETE", f"connections/{dave.id}/", 204)
    acked = time.monotonic()
    async with asyncio.timeout(PATIENCE_SECONDS):
        await asyncio.gather(*talking)
    assert max(refused_at) - acked < REVOKED_SECONDS

    # What was on its way has arrived by now; from here on nothing comes.
    everywhere = [*at_alice.values(), *at_dave.values()]
    for at in everywhere:
        await at.settled()
    for at in at_bob.values():
        await flush(at, control, at_dave.values())
    for at in everywhere:
        at.frames.clear()
    for at in at_alice.values():
        await at.send("chat:typing", {"chat": chat, "typing": True})
        await at.ask("message:seen", chat=chat, seq=1)
        await at.settled()
    for person in (alice, dave):
        said = {"client_id": new_client_id(), "text": "psst"}
        answer = await person.refused("POST", f"chats/{chat}/messages/", json=said)
        assert answer == (403, "chat_closed")
        other_one = dave if person is alice else alice
        (row,) = await person.ask("GET", "presence/", params={"user": other_one.id})
        assert row == {"user": other_one.id, "online": None, "last_seen": None}
        assert (await person.ask("GET", f"chats/{chat}/"))["id"] == chat, "reading goes on"
    # Alice comes and goes.
    for at in at_alice.values():
        await at.close()
    again = await alice.socket()
    await again.settled()
    for at in at_bob.values():
        await flush(at, control, at_dave.values())
    for at in at_dave.values():
        # Bob's coming online may be this late.
        of_bob = {"event": "user:online", "data": {"user": bob.id}}
        told = [
            frame
            for frame in at.frames
            if frame["event"] not in {"pong", "badge"} and frame != of_bob
        ]
        assert told == [], "nothing of Alice's"


async def flush(at: Socket, chat: str, listening: Iterable[Socket]) -> None:
    """Sends a message behind everything else; waits for it, or for its head if Valkey is dead."""
    sent = await at.ask("chat:send", chat=chat, client_id=new_client_id(), text="flush")
    for other in listening:
        await other.take(
            lambda frame: (
                "ref" not in frame
                and (
                    (
                        frame["event"] == "chat:receive"
                        and frame["data"]["message"]["id"] == sent["id"]
                    )
                    or (
                        frame["event"] == "pong"
                        and frame["data"]["heads"].get(chat, 0) >= sent["seq"]
                    )
                )
            )
        )
        other.frames = [
            frame
            for frame in other.frames
            if frame["event"] != "chat:receive" or frame["data"]["message"]["chat"] != chat
        ]
