"""The badge: exact when it is asked for, and told to one's own devices as it moves."""

import random
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from chat.actions.removals import delete_for_everyone, delete_for_me
from chat.models import Chat, Hidden, Membership, Message
from chat.tests.acts import fill, make_chat, mark, post
from connections.tests.acts import connect, make_person
from core.clock import now
from core.errors import AppError
from notifications import badges
from notifications.actions.notices import notify, read_notifications
from notifications.models import Notification
from notifications.queries import badge_of, page_of
from notifications.tests.acts import badge
from realtime.tests.process import Process, wait_for


def recount(user: User) -> int:
    """The same, one message after the other, in Python."""
    total = sum(row.read_at is None for row in Notification.objects.filter(user=user))
    for member in Membership.objects.filter(user=user):
        if member.muted_until is not None and member.muted_until > now():
            continue
        unseen = 0
        for message in Message.objects.filter(chat_id=member.chat_id):
            is_hidden = Hidden.objects.filter(
                user=user, chat_id=member.chat_id, seq=message.seq
            ).exists()
            is_gone = message.expires_at is not None and message.expires_at <= now()
            unseen += (
                message.seq > max(member.seen, member.start)
                and message.sender_id not in {None, user.pk}
                and message.deleted_at is None
                and not (is_hidden or is_gone)
            )
        total += min(unseen, 1000)
    return total


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.django_db
def test_after_random_acts_it_is_what_a_naive_count_says(seed: int) -> None:
    chance = random.Random(seed)
    people = [make_person(f"{name}{seed}") for name in ("alice", "bob", "carol")]
    chats = []
    for a, b in ((0, 1), (1, 2), (0, 2)):
        connect(people[a], people[b])
        chats.append(make_chat(people[a], people[b]))

    def mute(user: User, chat: str) -> None:
        hours = chance.choice([None, -1, 1])
        until = None if hours is None else now() + timedelta(hours=hours)
        Membership.objects.filter(user=user, chat_id=chat).update(muted_until=until)

    def clear(user: User, chat: str) -> None:
        head = Chat.objects.get(pk=chat).head
        Membership.objects.filter(user=user, chat_id=chat).update(start=head)

    def expire(user: User, chat: str) -> None:
        seq = chance.randint(1, 20)
        at = now() + timedelta(seconds=chance.choice([-5, 500]))
        Message.objects.filter(chat_id=chat, seq=seq).update(expires_at=at)

    def read(user: User, chat: str) -> None:
        if rows := page_of(user.pk, None, 5):
            read_notifications(user.pk, chance.choice(rows).pk)

    acts: list[Any] = [lambda user, chat: post(user, chat)] * 8
    acts += [lambda user, chat: mark(user, chat, "seen", chance.randint(0, 20))] * 3
    acts += [lambda user, chat: delete_for_everyone(user.pk, chat, chance.randint(1, 20))] * 2
    acts += [lambda user, chat: delete_for_me(user.pk, chat, chance.randint(1, 20))] * 2
    acts += [lambda user, chat: notify([user.pk], "thing"), mute, clear, expire, read]
    for _ in range(8):
        for _ in range(10):
            try:
                chance.choice(acts)(chance.choice(people), chance.choice(chats))
            except AppError:
                pass
        counted = badge_of([user.pk for user in people])
        assert counted == {user.pk: recount(user) for user in people}
    assert badge(people[0]) == recount(people[0])


@pytest.mark.django_db
def test_many_people_are_counted_in_two_queries(alice: User, bob: User, chat: str) -> None:
    fill(chat, alice, 1500)
    with CaptureQueriesContext(connection) as queries:
        assert badge_of([alice.pk, bob.pk]) == {alice.pk: 0, bob.pk: 1001}
    assert len(queries) == 2


def told(socket: Any) -> list[int]:
    """What its badge was told to be, since the last look."""
    numbers = [data["unread"] for event, data in socket.frames if event == "badge"]
    socket.frames.clear()
    return numbers


@pytest.mark.django_db(transaction=True)
def test_own_devices_are_told_once_for_many_messages(
    alice: User, bob: User, chat: str, process: Process, settings: Any
) -> None:
    settings.BADGE_SECONDS = 0.2
    before = badge(bob)
    first, second = process.open(bob), process.open(bob)
    for _ in range(5):
        written = post(alice, chat)
    wait_for(lambda: any(event == "badge" for event, _ in second.frames))
    assert told(first) == told(second) == [before + 5]
    mark(bob, chat, "seen", written.seq)
    wait_for(lambda: any(event == "badge" for event, _ in first.frames))
    assert told(first) == [before]
    (row,) = notify([bob.pk], "thing")
    wait_for(lambda: any(event == "badge" for event, _ in first.frames))
    assert told(first) == [before + 1]
    read_notifications(bob.pk, row.pk)
    wait_for(lambda: any(event == "badge" for event, _ in first.frames))
    assert told(first) == [0], "the accepted request is read as well"


@pytest.mark.django_db(transaction=True)
def test_who_has_no_socket_is_not_counted(
    alice: User, bob: User, chat: str, process: Process, settings: Any
) -> None:
    settings.BADGE_SECONDS = 0.05
    socket = process.open(alice)
    post(bob, chat)
    wait_for(lambda: any(event == "badge" for event, _ in socket.frames))
    assert badges._users == set()
