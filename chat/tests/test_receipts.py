"""Delivered and seen: two marks a member that only rise."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.utils.dateparse import parse_datetime

from accounts.models import User
from chat.actions.expiry import expire_receipts
from chat.models import Membership, Message, Receipt
from chat.tests.acts import API, fill, mark, post
from connections.actions.people import remove_connection
from connections.tests.acts import as_, at_once
from core.clock import now
from core.errors import AppError
from realtime.tests.published import Published


def marks_of(user: User, chat: str) -> tuple[int, int]:
    """Where the user's marks stand."""
    one = Membership.objects.get(chat_id=chat, user=user)
    return one.delivered, one.seen


def tell(user: User, chat: str, kind: str, seq: Any) -> Any:
    """Over HTTP."""
    return as_(user).post(f"{API}{chat}/{kind}/", {"seq": seq}, format="json")


@pytest.fixture
def full_chat(alice: User, chat: str) -> str:
    """Ten messages of alice's."""
    fill(chat, alice, 10)
    return chat


def test_marks_only_rise_and_seen_raises_delivered(bob: User, full_chat: str) -> None:
    steps = [
        ("delivered", 4, (4, 0)),
        ("delivered", 2, (4, 0)),
        ("seen", 3, (4, 3)),
        ("seen", 6, (6, 6)),
        ("seen", 1, (6, 6)),
        ("delivered", 5, (6, 6)),
        ("delivered", 10, (10, 6)),
        ("delivered", 0, (10, 6)),
    ]
    for kind, seq, expected in steps:
        answer = tell(bob, full_chat, kind, seq)
        assert answer.status_code == 200
        assert marks_of(bob, full_chat) == expected
        assert (
            answer.json().items()
            >= {"chat": full_chat, "user": str(bob.pk), "seq": expected[kind == "seen"]}.items()
        )


@pytest.mark.parametrize("seq", [11, 2**53, -1, "3", 1.5, None, 2**64, True, [1]], ids=repr)
@pytest.mark.parametrize("kind", ["delivered", "seen"])
def test_what_is_no_place_of_the_chat_is_refused(
    bob: User, full_chat: str, kind: str, seq: Any
) -> None:
    answer = tell(bob, full_chat, kind, seq)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == ("seq_above_head" if seq in (11, 2**53) else "invalid")
    assert marks_of(bob, full_chat) == (0, 0)


def test_a_stranger_has_no_marks(carol: User, dave: User, full_chat: str) -> None:
    for user in (carol, dave):
        for seq in (1, 99, "x", None):
            for chat in (full_chat, "1", "x"):
                answer = tell(user, chat, "seen", seq)
                assert (answer.status_code, answer.json()["error"]["code"]) == (
                    404,
                    "chat_not_found",
                )


def told(published: Published) -> set[tuple[str, int, int]]:
    """Event, receiver, seq."""
    return {(push.event, user, push.data["seq"]) for push in published.take() for user in push.to}


@pytest.mark.parametrize("off", [None, "reader", "sender", "both"])
def test_seen_is_told_where_both_share_it_and_delivered_always(
    alice: User,
    bob: User,
    full_chat: str,
    published: Published,
    django_capture_on_commit_callbacks: Any,
    off: str | None,
) -> None:
    hiding = {"reader": [bob], "sender": [alice], "both": [alice, bob]}.get(off or "", [])
    User.objects.filter(pk__in=[user.pk for user in hiding]).update(read_receipts=False)
    with django_capture_on_commit_callbacks(execute=True):
        mark(bob, full_chat, "seen", 4)
    heard = "message:delivered" if off else "message:seen"
    assert told(published) == {("message:seen", bob.pk, 4), (heard, alice.pk, 4)}
    with django_capture_on_commit_callbacks(execute=True):
        mark(bob, full_chat, "delivered", 6)
    assert told(published) == {("message:delivered", bob.pk, 6), ("message:delivered", alice.pk, 6)}
    # What is delivered already and seen now: nothing is left to tell who may not know of seen.
    with django_capture_on_commit_callbacks(execute=True):
        mark(bob, full_chat, "seen", 6)
    expected = {("message:seen", bob.pk, 6)} | (set() if off else {("message:seen", alice.pk, 6)})
    assert told(published) == expected
    status = as_(alice).get(f"{API}{full_chat}/messages/6/status/").json()
    assert status["status"] == ("delivered" if off else "seen")
    (receipt,) = status["receipts"]
    assert (receipt["seen_at"] is None) == bool(off)
    listed = as_(alice).get(f"{API}{full_chat}/messages/").json()["results"]
    # 1-6 were seen, 7-10 were not delivered yet.
    best = "delivered" if off else "seen"
    assert [message["status"] for message in listed] == [best] * 6 + ["sent"] * 4
    assert {m["status"] for m in as_(bob).get(f"{API}{full_chat}/messages/").json()["results"]} == {
        None
    }


def test_what_does_not_rise_is_told_to_nobody(
    bob: User, full_chat: str, published: Published, django_capture_on_commit_callbacks: Any
) -> None:
    mark(bob, full_chat, "seen", 5)
    published.take()
    with django_capture_on_commit_callbacks(execute=True):
        for kind in ("delivered", "seen"):
            mark(bob, full_chat, kind, 5)
    assert published.take() == []
    assert Receipt.objects.count() == 2


def test_after_the_connection_ended_only_the_own_devices_hear(
    alice: User,
    bob: User,
    full_chat: str,
    published: Published,
    django_capture_on_commit_callbacks: Any,
) -> None:
    remove_connection(user_id=alice.pk, other_id=bob.pk)
    published.take()
    with django_capture_on_commit_callbacks(execute=True):
        mark(bob, full_chat, "seen", 5)
        mark(bob, full_chat, "delivered", 7)
    assert told(published) == {("message:seen", bob.pk, 5), ("message:delivered", bob.pk, 7)}


def test_message_info_tells_when_and_only_to_the_sender(
    alice: User, bob: User, full_chat: str, time_machine: Any
) -> None:
    path = f"{API}{full_chat}/messages/3/status/"
    assert as_(alice).get(path).json() == {
        "status": "sent",
        "receipts": [{"user": str(bob.pk), "delivered_at": None, "seen_at": None}],
        "users": {
            str(bob.pk): {"id": str(bob.pk), "username": "bob", "name": "Bob", "avatar_url": None}
        },
    }
    before = now()
    mark(bob, full_chat, "delivered", 4)
    mark(bob, full_chat, "seen", 3)
    info = as_(alice).get(path).json()
    assert info["status"] == "seen"
    (receipt,) = info["receipts"]
    for field in ("delivered_at", "seen_at"):
        at = parse_datetime(receipt[field])
        assert at is not None and abs((at - before).total_seconds()) < 20
    later = as_(alice).get(f"{API}{full_chat}/messages/4/status/").json()
    assert later["status"] == "delivered" and later["receipts"][0]["seen_at"] is None
    assert as_(bob).get(path).status_code == 404
    for odd in ("0", "11", "9" * 18, "9" * 30, "x", "-1"):
        assert as_(alice).get(f"{API}{full_chat}/messages/{odd}/status/").status_code == 404


def test_the_first_time_counts_and_is_kept(alice: User, bob: User, full_chat: str) -> None:
    mark(bob, full_chat, "seen", 3)
    first = Receipt.objects.get(kind="seen")
    # As if it had been long ago: the next mark is another row.
    then = datetime(2026, 1, 1, tzinfo=UTC)
    Message.objects.update(created_at=then - timedelta(hours=1))
    Receipt.objects.update(second=int(then.timestamp()), at=then)
    mark(bob, full_chat, "seen", 8)
    assert Receipt.objects.filter(kind="seen").count() == 2
    info = as_(alice).get(f"{API}{full_chat}/messages/2/status/").json()
    assert info["receipts"][0]["seen_at"] == "2026-01-01T00:00:00.000Z"
    info = as_(alice).get(f"{API}{full_chat}/messages/5/status/").json()
    assert info["receipts"][0]["seen_at"] > "2026-01-02" and first.upto == 3


def test_receipts_are_rows_by_the_second_and_not_by_the_message(bob: User, full_chat: str) -> None:
    begun = int(now().timestamp())
    for seq in range(1, 11):
        mark(bob, full_chat, "seen", seq)
    seconds = int(now().timestamp()) - begun + 2
    assert Receipt.objects.filter(kind="seen").count() <= seconds
    newest = Receipt.objects.filter(kind="seen").latest("second")
    assert newest.upto == 10


def test_old_receipts_expire_and_the_marks_stay(bob: User, full_chat: str, settings: Any) -> None:
    mark(bob, full_chat, "seen", 5)
    Receipt.objects.filter(kind="seen").update(at=datetime(2026, 1, 1, tzinfo=UTC))
    assert expire_receipts(now(), dry_run=True) == 1
    assert expire_receipts(now()) == 1
    assert list(Receipt.objects.values_list("kind", flat=True)) == ["delivered"]
    assert marks_of(bob, full_chat) == (5, 5)


@pytest.mark.django_db(transaction=True)
def test_parallel_marks_end_at_the_highest(alice: User, bob: User, chat: str) -> None:
    fill(chat, alice, 40)
    acts = [
        partial(mark, bob, chat, kind, seq)
        for seq in (40, 3, 17, 39, 22, 8, 31, 12)
        for kind in ("delivered", "seen")
    ]
    answers = at_once(acts)
    assert not [answer for answer in answers if isinstance(answer, AppError)]
    assert marks_of(bob, chat) == (40, 40)
    for _, answer in zip(acts, answers, strict=True):
        assert answer.seen <= answer.delivered <= answer.head


@pytest.mark.django_db(transaction=True)
def test_sends_and_marks_do_not_wait_for_each_other(alice: User, bob: User, chat: str) -> None:
    fill(chat, alice, 5)

    def send(n: int) -> object:
        return post(alice, chat, f"{n}", f"s{n}")

    def see(n: int) -> object:
        return mark(bob, chat, "seen", 5)

    answers = at_once([partial(act, n) for n in range(10) for act in (send, see)])
    assert not [answer for answer in answers if isinstance(answer, Exception)]
