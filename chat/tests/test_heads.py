"""The heartbeat: which chats moved lately, so that a lost last push shows."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.log import head
from accounts.models import User
from chat import epoch as epochs
from chat.epoch import epoch
from chat.heads import pong, reader, tell_heads
from chat.models import Chat
from chat.tests.acts import API, fill, make_chat, make_friends, make_group, post
from connections.tests.acts import as_
from core.clock import now
from presence import store
from realtime.redis import sync_client
from realtime.tests.process import Process, wait_for
from realtime.tests.published import check_shape


@pytest.mark.django_db
def test_only_what_moved_lately_is_named(alice: User, bob: User, chat: str, settings: Any) -> None:
    (carol,) = make_friends(alice, 1)
    quiet = make_chat(alice, carol)
    ago = now() - timedelta(seconds=settings.HEADS_RECENT_SECONDS + 5)
    Chat.objects.filter(pk=quiet).update(moved_at=ago)
    post(bob, chat)
    heads = reader.call(alice.pk)
    assert heads == {"heads": {chat: 1}, "position": head(alice.pk), "sync": False}
    assert reader.call(carol.pk)["heads"] == {}
    epoch()
    check_shape("pong", pong(heads))


@pytest.mark.django_db
@pytest.mark.parametrize(("limit", "is_sync"), [(4, False), (3, True), (2, True)])
def test_more_than_can_be_named_asks_for_a_sync(
    alice: User, settings: Any, limit: int, is_sync: bool
) -> None:
    settings.HEADS_MAX = limit
    for friend in make_friends(alice, 4):
        make_chat(alice, friend)
    heads = reader.call(alice.pk)
    assert (len(heads["heads"]), heads["sync"]) == (limit, is_sync)


@pytest.mark.django_db(transaction=True)
def test_everybody_here_is_told_their_heads_when_pushes_were_lost(
    alice: User, bob: User, carol: User, chat: str, process: Process
) -> None:
    fill(chat, bob, 3)
    sockets = {user.pk: process.open(user) for user in (alice, bob, carol)}
    process.run(tell_heads())
    for user, heads in ((alice, {chat: 3}), (bob, {chat: 3}), (carol, {})):
        pongs = [data for event, data in sockets[user.pk].frames if event == "pong"]
        assert pongs[-1]["heads"] == heads
        check_shape("pong", pongs[-1])


@pytest.mark.django_db(transaction=True)
def test_a_pong_never_forgets_the_epoch(alice: User, process: Process) -> None:
    """An empty one would make every client start afresh."""
    name = epoch()
    told: list[str] = []

    async def read_again() -> None:
        import asyncio

        reading = asyncio.ensure_future(epochs._read_again())
        while not reading.done():
            told.append(epochs.current())
            await asyncio.sleep(0)  # looks at every turn of the loop
        told.append(epochs.current())

    process.run(read_again())
    assert set(told) == {name} and len(told) > 1


@pytest.mark.django_db
def test_online_members_are_those_who_let_one_see(alice: User, bob: User, chat: str) -> None:
    def online(query: str = "") -> dict[str, Any]:
        answer: dict[str, Any] = as_(alice).get(f"{API}{chat}/online-users/{query}").json()
        return answer

    sync_client().flushdb()
    assert online() == {"results": [], "next": None, "users": {}}
    at = now().timestamp()
    store.touch([store.Socket(one.pk, f"{one.pk}:p:1") for one in (alice, bob)], at)
    ids = [str(one) for one in sorted([alice.pk, bob.pk])]
    assert online()["results"] == ids and online()["users"].keys() == set(ids)
    first = online("?limit=1")
    second = online(f"?limit=1&cursor={first['next']}")
    assert [first["results"], second["results"], second["next"]] == [ids[:1], ids[1:], None]
    assert [*first["users"], *second["users"]] == ids
    User.objects.filter(pk=bob.pk).update(privacy_online="nobody")
    assert online()["results"] == [str(alice.pk)]


@pytest.mark.django_db
def test_what_is_shown_to_everyone_is_shown_to_the_group(alice: User) -> None:
    """Friends of alice's who know each other from her group only."""
    erin, frank = make_friends(alice, 2)
    chat = make_group(alice, erin, frank)
    sync_client().flushdb()
    store.touch([store.Socket(frank.pk, f"{frank.pk}:p:1")], now().timestamp())

    def online() -> tuple[list[str], bool | None]:
        listed = as_(erin).get(f"{API}{chat}/online-users/").json()["results"]
        rows = as_(erin).get("/api/v1/presence/", {"user": str(frank.pk)}).json()
        return listed, rows[0]["online"]

    assert online() == ([], None)
    User.objects.filter(pk=frank.pk).update(privacy_online="everyone")
    assert online() == ([str(frank.pk)], True)
    as_(frank).delete(f"{API}{chat}/participants/{frank.pk}/")
    assert as_(erin).get("/api/v1/presence/", {"user": str(frank.pk)}).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_what_was_published_reaches_the_peers_socket(
    alice: User, bob: User, chat: str, process: Process
) -> None:
    socket = process.open(bob)
    answer = as_(alice).post(
        f"/api/v1/chats/{chat}/messages/", {"client_id": "a", "text": "hi"}, format="json"
    )
    wait_for(lambda: socket.frames)
    assert socket.frames[0][1]["message"]["id"] == answer.json()["id"]
