"""The law: a client's old state and its events give the state that it would fetch afresh.

Peers' marks are compared through what the sender is shown: the status of its own messages.
"""

import random
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest

from accounts.erasure import erase
from accounts.models import User
from chat.actions.clearing import clear_chat, delete_chat
from chat.actions.edits import edit_message
from chat.actions.forwards import forward
from chat.actions.groups import change_chat
from chat.actions.invites import decide_request, join, make_invite, revoke_invite
from chat.actions.members import add_members, remove_member, set_role
from chat.actions.messages import send_message
from chat.actions.mine import change_mine
from chat.actions.pins import pin
from chat.actions.polls import vote
from chat.actions.reactions import react
from chat.actions.removals import delete_for_everyone, delete_for_me, remove_by_staff
from chat.actions.scheduled import (
    cancel_scheduled,
    change_scheduled,
    schedule_message,
    send_now,
    send_overdue,
)
from chat.invites import token_of
from chat.join_requests import admin_ids
from chat.models import Invite, JoinRequest, Membership, Message, Scheduled
from chat.payloads import status_at
from chat.queries import member_ids
from chat.schemas.chats import ChangeMine
from chat.schemas.forwards import Forward, Source
from chat.schemas.groups import ChangeChat, ChangePermissions
from chat.schemas.invites import NewInvite
from chat.schemas.messages import ChangeScheduled, SendMessage
from chat.tests.acts import bare_group, make_chat, make_group, make_poll, mark, post
from chat.tests.client_model import APPLY, Client, all_chats, fetch, fresh_state
from connections.actions.people import block_person, remove_connection, unblock_person
from connections.actions.requests import accept_request, reject_request
from connections.models import ConnectionRequest
from connections.tests.acts import as_, ask, connect, make_person
from core.clock import now
from core.errors import AppError
from core.schema import parse
from media.actions.uploads import Description, receive
from media.tests.conftest import empty_directory
from moderation.actions.people import warn_person
from notifications.actions.notices import read_notifications
from notifications.queries import page_of
from realtime.registry import events
from realtime.tests.published import Published, Push

__all__ = ["empty_directory"]

pytestmark = pytest.mark.django_db(transaction=True)

#: Events that take no place in a log and are no marks: replies and what passes.
PASSING = {
    "ready", "pong", "chat:sent", "chat:history", "sync", "chat:typing", "message:starred",
    "user:online", "user:offline", "ok", "active", "media:updated", "export:updated", "badge",
}  # fmt: skip


def test_every_durable_event_is_part_of_the_law() -> None:
    # A call is kept as a message, and what it signals passes; statuses are read anew.
    passes = ("call:", "status:")
    durable = {name for name in events if not name.startswith(passes)} - PASSING
    assert durable == set(APPLY), "say in client_model.APPLY what the new event does to a client"
    with_position = {name for name in events if "position" in events[name].__annotations__}
    assert with_position - {"ready", "pong", "sync"} <= set(APPLY)


def check(client: Client, status_unknown: AbstractSet[str] = frozenset()) -> None:
    """Compares what the client holds with what it would fetch afresh."""
    fresh = fresh_state(client.user)
    held = client.state
    listed = client.listed()
    assert {id: held.chats[id] for id in listed} == fresh.chats
    messages = {id: held.messages[id] for id in listed}
    assert comparable(messages) == comparable(fresh.messages)
    assert held.contacts == fresh.contacts
    assert held.blocked == fresh.blocked
    assert held.requests == fresh.requests
    waiting = held.scheduled.items()
    assert {id: one for id, one in waiting if one["chat"] in listed} == fresh.scheduled
    assert held.join_requests == fresh.join_requests
    assert held.notifications == fresh.notifications
    me = str(client.user.pk)
    assert {one: held.marks[one][me] for one in listed} == {
        one: marks[me] for one, marks in fresh.marks.items()
    }
    chats_now = {chat["id"]: chat for chat in all_chats(client.http)}
    assert {one: client.heads[one] for one in listed} == {
        chat_id: chat["head"] for chat_id, chat in chats_now.items()
    }
    for chat_id in listed - status_unknown:
        peer = held.chats[chat_id]["peer"]
        if peer is not None and peer not in held.contacts:
            continue  # marks are not told any more
        known = least_marks(held.marks[chat_id], me, chats_now[chat_id]["members_count"])
        page = fetch(f"chats/{chat_id}/messages/?limit=100", client.http)["results"]
        for message in page:
            if message["sender"] == me:
                status = status_at(message["seq"], known["delivered"], known["seen"])
                assert status == message["status"]


def comparable(messages: dict[str, dict[int, dict[str, Any]]]) -> Any:
    """Messages without what they quote of messages that the client does not hold: of those nothing
    more is told, so the quote may say what they said before.
    """
    return {
        chat_id: {
            seq: {**message, "reply_to": quote and {**quote, "text": None}}
            if (quote := message["reply_to"]) and quote["seq"] not in log
            else message
            for seq, message in log.items()
        }
        for chat_id, log in messages.items()
    }


def least_marks(marks: dict[str, dict[str, int]], me: str, members: int) -> dict[str, int]:
    """How far all others have got, as far as the client has heard; who was never heard of has got
    nowhere.
    """
    others = [of_member for user, of_member in marks.items() if user != me]
    if len(others) < members - 1:
        return {"delivered": 0, "seen": 0}
    return {kind: min(one[kind] for one in others) for kind in ("delivered", "seen")}


class World:
    """Some people who do random things, and their clients.

    What happens to a message that a person has hidden or cleared, or that came before them, is not
    told to them, which leaves a gap in the numbers that sync heals; pushes alone are enough only
    where nothing is hidden from anybody.
    """

    def __init__(self, seed: int, published: Published, *, hides: bool = True) -> None:
        self.random = random.Random(seed)
        self.published = published
        self.resolved = 0
        self.invites: list[Invite] = []
        self.staff = User.objects.create_superuser(f"staff{seed}")
        self.people = [make_person(f"{name}{seed}") for name in ("alice", "bob", "carol", "dave")]
        alice, bob, carol, _ = self.people
        connect(alice, bob)
        connect(carol, alice)
        self.chats = [make_chat(alice, bob), bare_group(alice, bob, carol)]
        self.hides = hides
        self.groups: list[str] = []
        self.new_group(alice, bob)
        self.clients = [Client(user).start() for user in self.people]
        self.take()

    def two(self) -> tuple[User, User]:
        """Two people, in either role."""
        one, other = self.random.sample(self.people, 2)
        return one, other

    def act(self) -> None:
        """One random act; what is refused changes nothing."""
        acts: list[Callable[[], Any]] = [self.send] * 6 + [self.mark] * 5
        acts += [self.reply] * 2 + [self.react] * 3 + [self.edit] * 2 + [self.delete]
        acts += [self.open, self.ask, self.answer, self.answer, self.remove, self.block]
        acts += [self.unblock, self.poll, self.vote, self.vote, self.pin, self.forward]
        acts += [self.change_mine, self.change_mine, self.warn, self.remove_as_staff]
        acts += [self.send_files, self.send_files]
        acts += [self.schedule, self.reschedule, self.time_passes]
        acts += [self.make_group]
        acts += [self.invite, self.join, self.join, self.decide, self.revoke]
        acts += [self.add, self.leave, self.take_out, self.give, self.change] * 2
        if self.hides:
            acts += [self.hide, self.hide, self.clear, self.delete_chat]
        acts += [self.read]
        try:
            self.random.choice(acts)()
        except AppError:
            pass
        self._resolve()

    def _resolve(self) -> None:
        """Who the members are at whom something was pushed: the hub asks at this time too."""
        for push in self.published.pushes[self.resolved :]:
            if push.audience is not None:
                push.to.update(set(member_ids(push.audience.id)) - push.audience.without)
        self.resolved = len(self.published.pushes)

    def take(self) -> list[Push]:
        """What was pushed since the last time."""
        self.resolved = 0
        return self.published.take()

    def send(self) -> None:
        """Somebody writes somewhere."""
        post(self.person(), self.random.choice(self.chats), "hello")

    def send_files(self) -> None:
        """Somebody sends files, now or later, which need no decoding."""
        person, chat = self.random.choice(self.people), self.random.choice(self.chats)
        media = tuple(
            str(receive(person.pk, BytesIO(b"%d" % n), 1, Description(f"{n}.txt")).pk)
            for n in range(self.random.randint(1, 3))
        )
        name = f"files{self.random.random()}"[:20].replace(".", "-")
        message = SendMessage(client_id=name, text="look", attachments=media)
        if self.random.random() < 0.7:
            send_message(person.pk, chat, message)
        else:
            schedule_message(person.pk, chat, message, now() + timedelta(hours=1))

    def reply(self) -> None:
        """Somebody answers something."""
        post(
            self.person(),
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
        react(self.person().pk, self.random.choice(self.chats), self.seq(), emoji)

    def edit(self) -> None:
        """Somebody says something else."""
        text = f"edited {self.random.random()}"
        edit_message(self.person().pk, self.random.choice(self.chats), self.seq(), text)

    def delete(self) -> None:
        """Somebody deletes something for everyone."""
        person = self.person()
        delete_for_everyone(person.pk, self.random.choice(self.chats), self.seq())

    def change_mine(self) -> None:
        """Somebody arranges a chat for themselves."""
        choices: list[dict[str, Any]] = [
            {"muted_until": now() + timedelta(hours=self.random.randint(-9, 9))},
            {"archived": self.random.random() < 0.5},
            {"pinned": self.random.random() < 0.5},
            {"marked_unread": True},
            {"draft": self.random.choice(["so", "", None])},
        ]
        change = ChangeMine(**self.random.choice(choices))
        change_mine(self.person().pk, self.random.choice(self.chats), change)

    def clear(self) -> None:
        """Somebody clears a chat."""
        clear_chat(self.person().pk, self.random.choice(self.chats))

    def delete_chat(self) -> None:
        """Somebody takes a chat from the list."""
        delete_chat(self.person().pk, self.random.choice(self.chats))

    def schedule(self) -> None:
        """Somebody writes something for later."""
        person, chat = self.person(), self.random.choice(self.chats)
        client_id = f"later{self.random.randint(0, 20)}"
        message = SendMessage(client_id=client_id, text="later")
        schedule_message(person.pk, chat, message, now() + timedelta(hours=1))

    def reschedule(self) -> None:
        """Somebody thinks again about what waits, in one way or another."""
        waiting = list(Scheduled.objects.order_by("pk"))
        if waiting:
            row = self.random.choice(waiting)
            place = row.sender_id, str(row.chat_id), str(row.pk)
            match self.random.randint(0, 3):
                case 0:
                    text = f"later {self.random.random()}"
                    change_scheduled(*place, ChangeScheduled(text=text))
                case 1:
                    at = now() + timedelta(hours=self.random.randint(2, 9))
                    change_scheduled(*place, ChangeScheduled(send_at=at))
                case 2:
                    cancel_scheduled(*place)
                case _:
                    send_now(*place)

    def time_passes(self) -> None:
        """What waits is due, and is sent or refused."""
        Scheduled.objects.filter(refused="").update(send_at=now() - timedelta(minutes=1))
        send_overdue()

    def poll(self) -> None:
        """Somebody asks all."""
        make_poll(self.person(), self.random.choice(self.chats), multiple=True)

    def vote(self) -> None:
        """Somebody answers one of the polls."""
        polls = list(Message.objects.filter(kind="poll").values_list("chat_id", "seq"))
        if polls:
            chat_id, seq = self.random.choice(polls)
            options = self.random.choice([[], [0], [1], [0, 1]])
            vote(self.person().pk, str(chat_id), seq, options)

    def pin(self) -> None:
        """Somebody pins something, or takes it down."""
        is_pinned = self.random.random() < 0.7
        person = self.person()
        pin(person.pk, self.random.choice(self.chats), self.seq(), is_pinned)

    def hide(self) -> None:
        """Somebody deletes something for themselves."""
        person = self.person()
        delete_for_me(person.pk, self.random.choice(self.chats), self.seq())

    def forward(self) -> None:
        """Somebody passes something on."""
        source = Source(chat=self.random.choice(self.chats), seq=self.seq())
        to = tuple(self.random.sample(self.chats, 2))
        forward(self.person().pk, Forward(from_=(source,), to=to))

    def mark(self) -> None:
        """Somebody raises a mark somewhere."""
        kind = self.random.choice(["delivered", "seen"])
        seq = self.random.randint(0, 20)
        mark(self.person(), self.random.choice(self.chats), kind, seq)  # type: ignore[arg-type]

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

    def person(self) -> User:
        """Somebody."""
        return self.random.choice(self.people)

    def make_group(self) -> None:
        """Somebody makes a group of their connections."""
        one, other = self.two()
        self.new_group(one, other)

    def new_group(self, one: User, other: User) -> None:
        """Two people make a group."""
        group = make_group(one, other)
        if not self.hides:
            change = ChangeChat(permissions=ChangePermissions(history="all"))
            change_chat(one.pk, group, change)
        self.groups.append(group)
        self.chats.append(group)

    def add(self) -> None:
        """Somebody adds somebody to a group."""
        one, other = self.two()
        add_members(one.pk, self.random.choice(self.groups), [str(other.pk)], "user")

    def leave(self) -> None:
        """Somebody leaves a group."""
        one = self.person()
        remove_member(one.pk, self.random.choice(self.groups), str(one.pk))

    def take_out(self) -> None:
        """Somebody removes somebody from a group."""
        one, other = self.two()
        remove_member(one.pk, self.random.choice(self.groups), str(other.pk))

    def give(self) -> None:
        """An owner gives somebody another role."""
        group = self.random.choice(self.groups)
        owner = Membership.objects.filter(chat_id=group, role="owner").first()
        if owner is not None:
            role = self.random.choice(list(Membership.Role))
            set_role(owner.user_id, group, str(self.person().pk), role)

    def invite(self) -> None:
        """Somebody makes an invite."""
        wanted = NewInvite(max_uses=2, approval=self.random.random() < 0.7)
        group = self.random.choice(self.groups)
        self.invites.append(make_invite(self.person().pk, group, wanted))

    def join(self) -> None:
        """Somebody uses one."""
        if self.invites:
            join(self.person().pk, token_of(self.random.choice(self.invites).pk))

    def decide(self) -> None:
        """An admin lets somebody in, or does not."""
        request = JoinRequest.objects.filter(status="pending").order_by("id").first()
        admins = request and admin_ids(request.chat_id)
        if request is not None and admins:
            approve = self.random.random() < 0.6
            decide_request(admins[-1], str(request.chat_id), str(request.pk), approve=approve)

    def revoke(self) -> None:
        """Somebody revokes an invite, and perhaps removes those whom it has let in."""
        if self.invites:
            invite = self.random.choice(self.invites)
            also = self.random.random() < 0.5
            person, group = self.person().pk, str(invite.chat_id)
            revoke_invite(person, group, str(invite.pk), remove_members=also)

    def change(self) -> None:
        """Somebody changes something of a chat."""
        what = self.random.choice(["name", "description", "permissions", "disappear_after"])
        value: Any = f"{what} {self.random.random()}"
        if what == "permissions":
            value = {name: self.random.choice(["all", "admins"]) for name in ("post", "edit_info")}
            if self.hides:
                value["history"] = self.random.choice(["all", "joined"])
        elif what == "disappear_after":
            value = self.random.choice([None, 3600, 86400])
        change = parse(ChangeChat, {what: value})
        change_chat(self.person().pk, self.random.choice(self.chats), change)

    def warn(self) -> None:
        """Staff warn somebody."""
        warn_person(self.staff, self.random.choice(self.people).pk, "Be kind.")

    def remove_as_staff(self) -> None:
        """Staff delete something, whoever said it."""
        remove_by_staff(int(self.random.choice(self.chats)), self.seq())

    def read(self) -> None:
        """Somebody looks at their notifications, up to one of them."""
        person = self.random.choice(self.people)
        ids = [row.pk for row in page_of(person.pk, None, 5)]
        if ids:
            read_notifications(person.pk, self.random.choice(ids))

    def pushes_to(self, client: Client, pushes: list[Push]) -> list[Push]:
        """What one device hears of it."""
        return [one for one in pushes if one.event in APPLY and client.user.pk in one.to]

    def check(self, client: Client) -> None:
        """What a client shows of the groups whose members change: all but the status of messages,
        which it is told with them.
        """
        check(client, set(self.groups))


@pytest.mark.parametrize("seed", range(2))
def test_pushes_alone_keep_a_client_right(seed: int, published: Published) -> None:
    world = World(seed, published, hides=False)
    for _ in range(4):
        for _ in range(10):
            world.act()
        pushes = world.take()
        for client in world.clients:
            for push in world.pushes_to(client, pushes):
                assert client.hear(push.event, push.data), push
            world.check(client)


@pytest.mark.parametrize("seed", range(10, 12))
def test_sync_alone_keeps_a_client_right(seed: int, published: Published, settings: Any) -> None:
    settings.SYNC_PAGE_EVENTS = 7
    world = World(seed, published)
    for _ in range(3):
        for _ in range(14):
            world.act()
        for client in world.clients:
            client.sync()
            world.check(client)
            before = client.state
            client.sync()
            assert client.state == before


@pytest.mark.parametrize("seed", range(20, 23))
def test_any_lost_push_is_made_up_for_by_sync(seed: int, published: Published) -> None:
    world = World(seed, published)
    for _ in range(4):
        for _ in range(10):
            world.act()
        pushes = world.take()
        for client in world.clients:
            mine = world.pushes_to(client, pushes)
            lost = world.random.randrange(len(mine)) if mine else None
            for n, push in enumerate(mine):
                if n != lost and not client.hear(push.event, push.data):
                    client.sync()  # the jump shows
            client.sync()  # as the heartbeat would make it, were it the last
            world.check(client)


def test_erasure_reaches_those_who_knew(published: Published) -> None:
    world = World(99, published)
    alice, bob, carol, _ = world.people
    post(alice, world.chats[0])
    remaining = [client for client in world.clients if client.user.pk != alice.pk]
    for client in remaining:
        client.sync()
    world.take()
    erase(alice.pk)
    world._resolve()
    pushes = world.take()
    for client in remaining:
        for push in world.pushes_to(client, pushes):
            client.hear(push.event, push.data)
        world.check(client)
    assert str(alice.pk) not in remaining[0].state.contacts
    assert {user for push in pushes for user in push.to if push.event == "user:erased"} >= {
        bob.pk, carol.pk
    }  # fmt: skip
    assert as_(bob).get(f"/api/v1/chats/{world.chats[0]}/").status_code == 200
