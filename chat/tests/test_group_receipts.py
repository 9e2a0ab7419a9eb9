"""Delivered and seen in groups: the least of the members, and who is told when."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from chat.access import get_chat
from chat.models import Membership, Receipt
from chat.queries import reached
from chat.tests.acts import (
    API,
    bare_group,
    fill,
    make_group,
    mark,
    path_of,
    post,
    rows_read,
    sync_once,
)
from chat.tests.group_acts import add, remove
from connections.tests.acts import as_, connect
from core.clock import now
from realtime.tests.process import Process, Socket, wait_for
from realtime.tests.published import Published

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(alice: User, bob: User, carol: User) -> str:
    """Alice's group, with bob and carol."""
    return bare_group(alice, bob, carol)


def statuses(user: User, chat: str) -> tuple[str | None, list[str | None]]:
    """Of the last message in the chat list, and of all in the history."""
    (listed,) = as_(user).get(f"{API}?kind=group").json()["results"]
    history = as_(user).get(f"{API}{chat}/messages/").json()["results"]
    single = as_(user).get(path_of(chat, history[-1]["seq"])).json()
    assert single["status"] == history[-1]["status"] == listed["last_message"]["status"]
    return listed["last_message"]["status"], [message["status"] for message in history]


def info(user: User, chat: str, seq: int) -> tuple[str, dict[str, tuple[bool, bool]]]:
    """The status, and per member whether it was delivered and seen."""
    answer = as_(user).get(path_of(chat, seq, "status")).json()
    assert answer["users"].keys() == {row["user"] for row in answer["receipts"]}
    rows = {
        row["user"]: (row["delivered_at"] is not None, row["seen_at"] is not None)
        for row in answer["receipts"]
    }
    return answer["status"], rows


def test_the_status_is_the_least_of_the_members(
    alice: User, bob: User, carol: User, group: str
) -> None:
    first, second = post(alice, group).seq, post(alice, group).seq
    b, c = str(bob.pk), str(carol.pk)
    assert info(alice, group, second) == ("sent", {b: (False, False), c: (False, False)})
    mark(bob, group, "seen", second)
    assert info(alice, group, second) == ("sent", {b: (True, True), c: (False, False)})
    mark(carol, group, "delivered", first)
    assert statuses(alice, group) == ("sent", ["delivered", "sent"])
    mark(carol, group, "delivered", second)
    assert statuses(alice, group) == ("delivered", ["delivered", "delivered"])
    mark(carol, group, "seen", first)
    assert statuses(alice, group) == ("delivered", ["seen", "delivered"])
    assert info(alice, group, first) == ("seen", {b: (True, True), c: (True, True)})
    assert info(alice, group, second) == ("delivered", {b: (True, True), c: (True, False)})
    # To the sender only, and nobody has a status on others' messages.
    assert as_(bob).get(path_of(group, second, "status")).status_code == 404
    assert statuses(bob, group) == (None, [None, None])


def test_who_came_later_is_left_out(
    alice: User, bob: User, carol: User, dave: User, group: str
) -> None:
    seq = post(alice, group).seq
    # As joining leaves it: the marks start at its place.
    late = Membership.objects.create(chat_id=group, user=dave, joined=seq, delivered=seq, seen=seq)
    assert info(alice, group, seq)[1].keys() == {str(bob.pk), str(carol.pk)}
    mark(bob, group, "seen", seq)
    assert statuses(alice, group) == ("sent", ["sent"])
    mark(carol, group, "seen", seq)
    assert statuses(alice, group) == ("seen", ["seen"])
    # When all it was sent to have gone, nobody has received it.
    Membership.objects.filter(chat_id=group, user__in=[bob, carol]).delete()
    assert statuses(alice, group) == ("sent", ["sent"])
    assert info(alice, group, seq) == ("sent", {})
    second = post(alice, group).seq
    assert statuses(alice, group) == ("sent", ["sent", "sent"])
    mark(dave, group, "seen", second)
    assert statuses(alice, group) == ("seen", ["sent", "seen"])
    assert info(alice, group, second) == ("seen", {str(dave.pk): (True, True)})
    late.delete()
    assert statuses(alice, group) == ("sent", ["sent", "sent"])


def told(answer: dict[str, Any]) -> list[tuple[Any, ...]]:
    """What a sync says of a group: its messages by what they tell, and the marks of others."""
    news: list[tuple[Any, ...]] = []
    for event in answer["events"]:
        match event["event"], event["data"]:
            case "chat:receive", {"message": {"content": {"action": action}, "seq": seq}}:
                news.append((action, seq))
            case "chat:updated", {"chat": {"members_count": count}}:
                news.append(("members", count))
            case ("message:delivered" | "message:seen") as name, data:
                news.append((name, data["user"], data["seq"]))
    return news


@pytest.mark.django_db(transaction=True)
def test_who_leaves_holds_nothing_back_and_is_told_of_no_more(
    alice: User, bob: User, carol: User, published: Published
) -> None:
    connect(alice, carol)
    group = make_group(alice, bob, carol)
    start = as_(alice).get("/api/v1/sync/").json()
    seq = post(alice, group).seq
    mark(bob, group, "delivered", seq)
    mark(carol, group, "delivered", seq - 1)
    assert info(alice, group, seq)[0] == "sent"
    published.take()
    remove(carol, group, carol)
    assert info(alice, group, seq)[0] == "delivered"
    # No mark says so, live or in a sync: the message of the leaving does.
    assert {push.event for push in published.take() if push.audience} == {
        "chat:receive", "chat:updated"
    }  # fmt: skip
    a, b, c = (str(one.pk) for one in (alice, bob, carol))
    own = [("message:delivered", a, 1), ("message:seen", a, 1)]
    bobs = [("message:delivered", b, seq), ("message:seen", b, 1)]
    left = told(sync_once(alice, heads={group: seq}, **start))
    assert left[:2] == [("left", seq + 1), ("members", 2)]
    assert sorted(left[2:]) == sorted(own + bobs)
    # Who comes back begins at the place of coming, and a sync says so.
    add(alice, group, carol)
    again = told(sync_once(alice, heads={group: seq + 1}, **start))
    carols = [("message:delivered", c, seq + 2), ("message:seen", c, seq + 2)]
    assert again[:2] == [("added", seq + 2), ("members", 3)]
    assert sorted(again[2:]) == sorted(own + bobs + carols)
    assert info(alice, group, seq)[0] == "delivered"


def test_receipts_off_is_off_both_ways(alice: User, bob: User, carol: User, group: str) -> None:
    seq = post(alice, group).seq
    other = post(bob, group).seq
    User.objects.filter(pk=bob.pk).update(read_receipts=False)
    mark(bob, group, "seen", other)
    mark(carol, group, "seen", other)
    mark(alice, group, "seen", other)
    # Bob's seen is told to nobody and counts for nothing; that it was delivered is told.
    assert info(alice, group, seq) == (
        "seen", {str(bob.pk): (True, False), str(carol.pk): (True, True)}
    )  # fmt: skip
    # And bob sees nobody's.
    assert info(bob, group, other) == (
        "delivered", {str(alice.pk): (True, False), str(carol.pk): (True, False)}
    )  # fmt: skip
    assert statuses(bob, group) == ("delivered", [None, "delivered"])
    # Where nobody tells it, a message is never more than delivered; a newcomer changes nothing.
    User.objects.filter(pk=carol.pk).update(read_receipts=False)
    assert info(alice, group, seq)[0] == "delivered"
    late = User.objects.create_user("late")
    Membership.objects.create(chat_id=group, user=late, joined=other, delivered=other, seen=other)
    assert info(alice, group, seq)[0] == "delivered"
    post(alice, group)
    mark(bob, group, "delivered", other + 1)
    assert statuses(alice, group)[1] == ["delivered", None, "sent"]


def test_the_cost_of_a_page_does_not_grow_with_the_group(
    alice: User, group: str, django_assert_max_num_queries: Any
) -> None:
    people = User.objects.bulk_create(User(username=f"member{n}") for n in range(50))
    Membership.objects.bulk_create(Membership(chat_id=group, user=one) for one in people)
    for _ in range(20):
        post(alice, group)
    client = as_(alice)
    with django_assert_max_num_queries(9):
        client.get(f"{API}{group}/messages/")
    with django_assert_max_num_queries(8):
        client.get(path_of(group, 20, "status"))


def heard(socket: Socket) -> list[tuple[str, int, str]]:
    """Event, seq and member of the marks that came out of a socket."""
    frames = [frame for frame in socket.frames if frame[0] in {"message:seen", "message:delivered"}]
    return [(event, data["seq"], data["user"]) for event, data in frames]


@pytest.mark.django_db(transaction=True)
def test_senders_are_told_together_and_own_devices_at_once(
    alice: User, bob: User, carol: User, dave: User, process: Process, settings: Any
) -> None:
    settings.GROUP_RECEIPTS_SECONDS = 0.4
    group = bare_group(alice, bob, carol, dave)
    for sender in (alice, carol, alice, bob, carol):
        post(sender, group)
    at_alice, at_carol, at_dave, at_bob = (process.open(one) for one in (alice, carol, dave, bob))
    me = str(bob.pk)
    for kind, seq in (("delivered", 1), ("delivered", 3), ("seen", 2), ("seen", 4)):
        mark(bob, group, kind, seq)  # type: ignore[arg-type]
    assert heard(at_alice) == heard(at_carol) == []
    wait_for(lambda: len(heard(at_bob)) == 4)
    assert heard(at_bob) == [
        ("message:delivered", 1, me), ("message:delivered", 3, me),
        ("message:seen", 2, me), ("message:seen", 4, me),
    ]  # fmt: skip
    wait_for(lambda: len(heard(at_alice)) == len(heard(at_carol)) == 2, 2)
    for socket in (at_alice, at_carol):
        assert heard(socket) == [("message:seen", 4, me), ("message:delivered", 4, me)]
        socket.frames.clear()
    # Only who wrote what is newly covered; who wrote nothing hears nothing.
    mark(bob, group, "seen", 5)
    wait_for(lambda: heard(at_carol), 2)
    assert heard(at_carol)[0] == ("message:seen", 5, me)
    assert heard(at_alice) == heard(at_dave) == []


def test_without_receipts_only_delivered_is_told(
    alice: User, bob: User, carol: User, group: str, published: Published,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    User.objects.filter(pk=carol.pk).update(read_receipts=False)
    for sender in (alice, carol):
        post(sender, group)
    published.take()

    def told(reader: User, seq: int) -> set[tuple[str, int]]:
        with django_capture_on_commit_callbacks(execute=True):
            mark(reader, group, "seen", seq)
        pushes = published.take()
        return {(push.event, one) for push in pushes for one in push.to} - {
            ("message:seen", reader.pk)
        }

    # Carol is told no seen marks, and tells none.
    assert told(bob, 2) == {
        ("message:seen", alice.pk), ("message:delivered", alice.pk), ("message:delivered", carol.pk)
    }  # fmt: skip
    assert told(carol, 2) == {("message:delivered", alice.pk)}


def test_how_long_the_members_have_read_costs_nothing(alice: User, bob: User) -> None:
    chat = bare_group(alice, bob)
    fill(chat, alice, 300)
    member = Membership.objects.get(chat_id=chat, user=bob)
    at = now()
    Receipt.objects.bulk_create(
        Receipt(
            membership=member,
            kind=kind,
            second=int(at.timestamp()) + n,
            upto=n,
            at=at + timedelta(seconds=n),
        )
        for n in range(1, 301)
        for kind in Receipt.Kind.values
    )
    access = get_chat(alice.pk, chat)
    for seq in (5, 280):
        (row,) = reached(access, seq)
        assert row == (bob.pk, at + timedelta(seconds=seq), at + timedelta(seconds=seq))
    assert rows_read(lambda: reached(access, 5), "chat_receipt") <= 12
