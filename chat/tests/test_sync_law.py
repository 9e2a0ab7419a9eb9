"""The law: a client's old state and its events give the state that it would fetch afresh.

Peers' marks are compared through what the sender is shown: the status of its own messages.
"""

import random
from collections.abc import Callable
from typing import Any

import pytest

from accounts.erasure import erase
from accounts.models import User
from chat.actions.edits import edit_message
from chat.actions.reactions import react
from chat.actions.removals import delete_for_everyone
from chat.payloads import status_at
from chat.tests.acts import make_chat, mark, post
from chat.tests.client_model import APPLY, Client, fetch, fresh_state
from connections.actions.people import block_person, remove_connection, unblock_person
from connections.actions.requests import accept_request, reject_request
from connections.models import ConnectionRequest
from connections.tests.acts import as_, ask, connect, make_person
from core.errors import AppError
from realtime.registry import events
from realtime.tests.published import Published, Push

pytestmark = pytest.mark.django_db(transaction=True)

#: Events that take no place in a log and are no marks: replies and what passes.
PASSING = {
    "ready", "pong", "chat:sent", "chat:history", "sync", "chat:typing", "message:starred",
    "user:online", "user:offline", "ok", "active",
}  # fmt: skip


def test_every_durable_event_is_part_of_the_law() -> None:
    durable = set(events) - PASSING
    assert durable == set(APPLY), "say in client_model.APPLY what the new event does to a client"
    with_position = {name for name in events if "position" in events[name].__annotations__}
    assert with_position - {"ready", "pong", "sync"} <= set(APPLY)


def check(client: Client) -> None:
    """Compares what the client holds with what it would fetch afresh."""
    fresh = fresh_state(client.user)
    held = client.state
    assert held.chats == fresh.chats
    assert held.messages == fresh.messages
    assert held.contacts == fresh.contacts
    assert held.blocked == fresh.blocked
    assert held.requests == fresh.requests
    me = str(client.user.pk)
    assert {one: marks[me] for one, marks in held.marks.items()} == {
        one: marks[me] for one, marks in fresh.marks.items()
    }
    chats = fetch("chats/?limit=100", client.http)["results"]
    assert client.heads == {chat["id"]: chat["head"] for chat in chats}
    for chat_id, chat in held.chats.items():
        known = held.marks[chat_id].get(chat["peer"], {"delivered": 0, "seen": 0})
        page = fetch(f"chats/{chat_id}/messages/?limit=100", client.http)["results"]
        for message in page:
            if message["sender"] == me:
                status = status_at(message["seq"], known["delivered"], known["seen"])
                assert status == message["status"]


class World:
    """Some people who do random things, and their clients."""

    def __init__(self, seed: int, published: Published) -> None:
        self.random = random.Random(seed)
        self.published = published
        self.people = [make_person(f"{name}{seed}") for name in ("alice", "bob", "carol", "dave")]
        alice, bob, carol, _ = self.people
        connect(alice, bob)
        connect(carol, alice)
        self.chats = [make_chat(alice, bob)]
        self.clients = [Client(user).start() for user in self.people]
        published.take()

    def two(self) -> tuple[User, User]:
        """Two people, in either role."""
        one, other = self.random.sample(self.people, 2)
        return one, other

    def act(self) -> None:
        """One random act; what is refused changes nothing."""
        acts: list[Callable[[], Any]] = [self.send] * 6 + [self.mark] * 5
        acts += [self.reply] * 2 + [self.react] * 3 + [self.edit] * 2 + [self.delete]
        acts += [self.open, self.ask, self.answer, self.answer, self.remove, self.block]
        acts += [self.unblock]
        try:
            self.random.choice(acts)()
        except AppError:
            pass

    def send(self) -> None:
        """Somebody writes somewhere."""
        post(self.random.choice(self.people), self.random.choice(self.chats), "hello")

    def reply(self) -> None:
        """Somebody answers something."""
        post(
            self.random.choice(self.people),
            self.random.choice(self.chats),
            "so",
            reply_to=self.seq(),
        )

    def seq(self) -> int:
        """A place that may hold a message."""
        return self.random.randint(1, 12)

    def react(self) -> None:
        """Somebody puts an emoji on something, or takes it back."""
        emoji = self.random.choice(["👍", "🎉", None])
        react(self.random.choice(self.people).pk, self.random.choice(self.chats), self.seq(), emoji)

    def edit(self) -> None:
        """Somebody says something else."""
        text = f"edited {self.random.random()}"
        edit_message(
            self.random.choice(self.people).pk, self.random.choice(self.chats), self.seq(), text
        )

    def delete(self) -> None:
        """Somebody deletes something for everyone."""
        person = self.random.choice(self.people)
        delete_for_everyone(person.pk, self.random.choice(self.chats), self.seq())

    def mark(self) -> None:
        """Somebody raises a mark somewhere."""
        kind = self.random.choice(["delivered", "seen"])
        seq = self.random.randint(0, 20)
        mark(self.random.choice(self.people), self.random.choice(self.chats), kind, seq)  # type: ignore[arg-type]

    def open(self) -> None:
        """A chat is opened."""
        chat = make_chat(*self.two())
        if chat not in self.chats:
            self.chats.append(chat)

    def ask(self) -> None:
        """One scans the other's code."""
        ask(*self.two())

    def answer(self) -> None:
        """A request is accepted or rejected."""
        waiting = list(ConnectionRequest.objects.filter(status="pending").order_by("id"))
        request = self.random.choice(waiting) if waiting else None
        if request is not None:
            answer = self.random.choice([accept_request, accept_request, reject_request])
            answer(owner_id=request.owner_id, request_id=request.pk)

    def remove(self) -> None:
        """A connection is removed."""
        one, other = self.two()
        remove_connection(user_id=one.pk, other_id=other.pk)

    def block(self) -> None:
        """Somebody blocks somebody."""
        one, other = self.two()
        block_person(blocker_id=one.pk, blocked_id=other.pk)

    def unblock(self) -> None:
        """And thinks better of it."""
        one, other = self.two()
        unblock_person(blocker_id=one.pk, blocked_id=other.pk)

    def pushes_to(self, client: Client, pushes: list[Push]) -> list[Push]:
        """What one device hears of it."""
        return [one for one in pushes if client.user.pk in one.to and one.event in APPLY]


@pytest.mark.parametrize("seed", range(2))
def test_pushes_alone_keep_a_client_right(seed: int, published: Published) -> None:
    world = World(seed, published)
    for _ in range(4):
        for _ in range(10):
            world.act()
        pushes = published.take()
        for client in world.clients:
            for push in world.pushes_to(client, pushes):
                assert client.hear(push.event, push.data), push
            check(client)


@pytest.mark.parametrize("seed", range(10, 12))
def test_sync_alone_keeps_a_client_right(seed: int, published: Published, settings: Any) -> None:
    settings.SYNC_PAGE_EVENTS = 7
    world = World(seed, published)
    for _ in range(3):
        for _ in range(14):
            world.act()
        for client in world.clients:
            client.sync()
            check(client)
            before = client.state
            client.sync()
            assert client.state == before


@pytest.mark.parametrize("seed", range(20, 23))
def test_any_lost_push_is_made_up_for_by_sync(seed: int, published: Published) -> None:
    world = World(seed, published)
    for _ in range(4):
        for _ in range(10):
            world.act()
        pushes = published.take()
        for client in world.clients:
            mine = world.pushes_to(client, pushes)
            lost = world.random.randrange(len(mine)) if mine else None
            for n, push in enumerate(mine):
                if n != lost and not client.hear(push.event, push.data):
                    client.sync()  # the jump shows
            client.sync()  # as the heartbeat would make it, were it the last
            check(client)


def test_erasure_reaches_those_who_knew(published: Published) -> None:
    world = World(99, published)
    alice, bob, carol, _ = world.people
    post(alice, world.chats[0])
    remaining = [client for client in world.clients if client.user.pk != alice.pk]
    for client in remaining:
        client.sync()
    published.take()
    erase(alice.pk)
    pushes = published.take()
    for client in remaining:
        for push in world.pushes_to(client, pushes):
            client.hear(push.event, push.data)
        check(client)
    assert str(alice.pk) not in remaining[0].state.contacts
    assert {user for push in pushes for user in push.to if push.event == "user:erased"} >= {
        bob.pk, carol.pk
    }  # fmt: skip
    assert as_(bob).get(f"/api/v1/chats/{world.chats[0]}/").status_code == 200
