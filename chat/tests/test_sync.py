"""Sync by heads: what a client lacks, in bounded pages, whatever it says it holds."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.log import head
from accounts.models import PersonalEvent, User
from chat.epoch import epoch
from chat.models import Chat, Epoch, Membership
from chat.tests.acts import (
    bare_group,
    fill,
    make_chat,
    make_friends,
    mark,
    names,
    pages_of_sync,
    post,
    rows_read,
    sync_once,
)
from connections.actions.people import remove_connection
from connections.tests.acts import as_, ask, connect
from core.clock import now, rfc3339
from core.ids import new_id
from realtime.tests.published import check_shape

# One snapshot needs a transaction of its own.
pytestmark = pytest.mark.django_db(transaction=True)

SYNC = "/api/v1/sync/"


def ask_sync(user: User, body: Any) -> Any:
    """Over HTTP."""
    return as_(user).post(SYNC, body, format="json")


def place(user: User) -> dict[str, Any]:
    """Where a fresh client starts."""
    answer: dict[str, Any] = as_(user).get(SYNC).json()
    return answer


def of(events: list[Any], name: str) -> list[Any]:
    """The data of the events of a name."""
    return [event["data"] for event in events if event["event"] == name]


def test_a_client_that_says_nothing_gets_every_chat(alice: User, carol: User) -> None:
    connect(carol, alice)
    chat = make_chat(alice, carol)
    post(carol, chat, "hello")
    answer = ask_sync(alice, {}).json()
    assert answer["heads"] == {chat: 1}
    (new,) = of(answer["events"], "chat:new")
    assert new["chat"] == as_(alice).get(f"/api/v1/chats/{chat}/").json()
    assert new["users"].keys() == {str(alice.pk), str(carol.pk)} == answer["users"].keys()
    assert answer["position"] == head(alice.pk)
    assert (answer["more"], answer["reset"], answer["gone"]) == (False, [], [])
    assert answer["epoch"] == epoch()
    assert of(answer["events"], "chat:receive") == []
    # The personal log is repeated from its start, with people named as they are now.
    User.objects.filter(pk=carol.pk).update(name="Caroline")
    answer = ask_sync(alice, {}).json()
    (accepted,) = of(answer["events"], "connection:accepted")
    check_shape("connection:accepted", accepted)
    assert accepted["users"] == answer["users"]
    assert accepted["users"][str(carol.pk)]["name"] == "Caroline"


def test_whoever_an_answer_mentions_is_named(alice: User, bob: User, chat: str) -> None:
    start = place(alice)
    post(alice, chat)
    mark(bob, chat, "seen", 1)
    answer = ask_sync(alice, {"heads": {chat: 1}, **start}).json()
    assert names(answer["events"]) == ["message:delivered", "message:seen"]
    assert answer["users"].keys() == {str(bob.pk)}
    remove_connection(user_id=bob.pk, other_id=alice.pk)
    held = {"heads": {chat: 1}, **start, "marks": place(alice)["marks"]}
    answer = ask_sync(alice, held).json()
    assert names(answer["events"]) == ["connection:removed"]
    assert answer["users"].keys() == {str(bob.pk)}


def test_who_holds_all_gets_nothing(alice: User, bob: User, chat: str) -> None:
    post(bob, chat)
    held = {"heads": {chat: 1}, **place(alice)}
    answer = ask_sync(alice, held).json()
    assert answer["events"] == [] and answer["heads"] == {chat: 1}


def test_what_a_client_lacks_comes_ascending_as_it_was_pushed(
    alice: User, bob: User, chat: str, published: Any
) -> None:
    start = place(alice)
    published.take()
    for n in range(5):
        post((alice, bob)[n % 2], chat, f"{n}")
    pushed = [push.data for push in published.take("chat:receive")]
    for held in range(6):
        answer = ask_sync(alice, {"heads": {chat: held}, **start}).json()
        assert of(answer["events"], "chat:receive") == pushed[held:]
        assert answer["heads"] == {chat: 5}
        for event in answer["events"]:
            check_shape(event["event"], event["data"])


@pytest.mark.parametrize("extra", [0, 1, 2, 9, 10, 11, 25])
def test_pages_are_bounded_and_join_without_a_gap(
    alice: User, bob: User, chat: str, settings: Any, extra: int
) -> None:
    settings.SYNC_PAGE_EVENTS = 10
    carol, dan = make_friends(alice, 2)
    others = [make_chat(alice, carol), make_chat(alice, dan)]
    start = place(alice)
    fill(chat, bob, 10)
    fill(others[0], carol, extra)
    fill(others[1], alice, 3)
    heads = {chat: 0, others[0]: 0, others[1]: 1}
    pages = list(pages_of_sync(alice, heads=heads, **start))
    assert all(len(page["events"]) <= 10 for page in pages)
    # None is asked in vain.
    assert len(pages) == -(-(10 + extra + 2) // 10)
    met = [
        (message["chat"], message["seq"])
        for page in pages
        for message in (one["message"] for one in of(page["events"], "chat:receive"))
    ]
    for one, first, last in ((chat, 1, 10), (others[0], 1, extra), (others[1], 2, 3)):
        assert [seq for where, seq in met if where == one] == list(range(first, last + 1))
    assert len(met) == len(set(met))
    for page in pages:
        assert page["heads"].keys() == heads.keys()
    assert pages[-1]["heads"] == {chat: 10, others[0]: extra, others[1]: 3}


def test_new_chats_come_in_bounded_pages_too(alice: User, settings: Any) -> None:
    settings.SYNC_PAGE_EVENTS = 4
    made = {make_chat(alice, friend) for friend in make_friends(alice, 9)}
    pages = list(pages_of_sync(alice, **place(alice)))
    assert all(len(page["events"]) <= 4 for page in pages)
    met = [data["chat"]["id"] for page in pages for data in of(page["events"], "chat:new")]
    assert sorted(met) == sorted(made)
    assert pages[-1]["heads"].keys() == made


def test_the_personal_log_comes_in_bounded_pages_and_in_order(alice: User, settings: Any) -> None:
    settings.SYNC_PAGE_EVENTS = 4
    for friend in make_friends(alice, 3):
        remove_connection(user_id=alice.pk, other_id=friend.pk)
        connect(friend, alice)
    told = list(
        PersonalEvent.objects.filter(user=alice)
        .order_by("position")
        .values_list("event", flat=True)
    )
    pages = list(pages_of_sync(alice))
    assert [name for page in pages for name in names(page["events"])] == told
    positions = [e["data"]["position"] for page in pages for e in page["events"]]
    assert positions == list(range(1, len(told) + 1))
    assert len(pages) == -(-len(told) // 4)


def test_far_behind_is_reset(alice: User, bob: User, chat: str, settings: Any) -> None:
    settings.SYNC_RESET_BEHIND = 20
    start = place(alice)
    fill(chat, bob, 30)
    for held, is_reset in ((9, True), (10, False), (0, True)):
        answer = ask_sync(alice, {"heads": {chat: held}, **start}).json()
        assert answer["reset"] == ([chat] if is_reset else [])
        assert len(of(answer["events"], "chat:receive")) == (0 if is_reset else 20)
        assert answer["heads"] == {chat: 30}


def test_a_client_ahead_of_the_head_is_reset(alice: User, bob: User, chat: str) -> None:
    post(bob, chat)
    answer = ask_sync(alice, {"heads": {chat: 2}, **place(alice)}).json()
    assert (answer["reset"], answer["heads"]) == ([chat], {chat: 1})


def test_chats_of_others_and_of_nobody_are_gone_alike(
    alice: User, carol: User, bob: User, chat: str
) -> None:
    names_held = [chat, "1", "nope", "", "-3", str(new_id()), "9" * 40, "\u0661"]
    answer = ask_sync(carol, {"heads": dict.fromkeys(names_held, 5), **place(carol)}).json()
    assert sorted(answer["gone"]) == sorted(names_held)
    assert (answer["heads"], answer["events"], answer["users"]) == ({}, [], {})


@pytest.mark.parametrize(
    "body",
    [
        {"heads": {"1": -1}},
        {"heads": {"1": 2**53 + 1}},
        {"heads": {"1": 10**40}},
        {"heads": {"1": "2"}},
        {"heads": {"1": 1.5}},
        {"heads": {"1": None}},
        {"heads": []},
        {"heads": {"a\0b": 1}},
        {"heads": {str(n): 0 for n in range(5001)}},
        {"position": -1},
        {"position": "1"},
        {"position": 2**63},
        {"marks": 1},
        {"epoch": None},
        [],
        "x",
    ],
    ids=lambda body: repr(body)[:40],
)
def test_odd_questions_are_refused(alice: User, body: Any) -> None:
    answer = ask_sync(alice, body)
    assert answer.status_code == 400, answer.json()


@pytest.mark.parametrize(
    "marks",
    [
        "",
        "x",
        "2026-01-01",
        "2026-01-01T00:00:00",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        " ",
        "a b c",
        "a b c d",
        "2026-01-01T00:00:00Z 0001-01-01T00:00:00+14:00 5",
        "2026-01-01T00:00:00Z x 5",
        "2026-01-01T00:00:00Z 2026-01-01T00:00:00Z -5",
        "\U0001f600",
        "9" * 9000,
    ],
)
def test_odd_marks_do_no_harm(alice: User, bob: User, chat: str, marks: str) -> None:
    mark(bob, chat, "seen", 0)
    answer = ask_sync(alice, {"heads": {chat: 0}, "position": head(alice.pk), "marks": marks})
    assert answer.status_code == 200
    assert answer.json()["marks"] > "2026" and answer.json()["more"] is False


def test_a_position_ahead_of_the_log_is_put_right(alice: User, chat: str) -> None:
    answer = ask_sync(alice, {"position": head(alice.pk) + 50}).json()
    assert answer["position"] == head(alice.pk)


def test_personal_events_come_as_they_were_pushed(alice: User, carol: User, published: Any) -> None:
    start = place(alice)
    published.take()
    ask(carol, alice)
    connect_push = [push for push in published.take() if alice.pk in push.to]
    answer = ask_sync(alice, start).json()
    assert [(e["event"], e["data"]) for e in answer["events"]] == [
        (push.event, push.data) for push in connect_push
    ]


def marks_told(answer: Any) -> set[tuple[str, str, int]]:
    """Event, whose, where."""
    return {
        (event["event"], event["data"]["user"], event["data"]["seq"])
        for event in answer["events"]
        if event["event"].startswith("message:")
    }


def test_marks_since_the_last_answer_come(alice: User, bob: User, chat: str) -> None:
    fill(chat, alice, 5)
    start = place(alice)
    mark(bob, chat, "delivered", 4)
    mark(bob, chat, "seen", 3)
    mark(alice, chat, "seen", 5)
    held = {"heads": {chat: 5}, **start}
    expected = {
        ("message:delivered", str(bob.pk), 4), ("message:seen", str(bob.pk), 3),
        ("message:delivered", str(alice.pk), 5), ("message:seen", str(alice.pk), 5),
    }  # fmt: skip
    answer = ask_sync(alice, held).json()
    assert marks_told(answer) == expected
    for event in answer["events"]:
        check_shape(event["event"], event["data"])
    # Within the overlap they come again, which is harmless.
    again = ask_sync(alice, {**held, "marks": answer["marks"]}).json()
    assert marks_told(again) == expected


def test_the_overlap_of_marks_is_two_minutes(alice: User, bob: User, chat: str) -> None:
    fill(chat, alice, 5)
    mark(bob, chat, "delivered", 4)
    long_ago = now() - timedelta(hours=1)
    Membership.objects.filter(user=alice).update(marks_at=long_ago - timedelta(days=1))
    Membership.objects.filter(user=bob).update(marks_at=long_ago)
    for since, is_told in ((119, True), (121, False), (-60, True)):
        marks = rfc3339(long_ago + timedelta(seconds=since))
        answer = ask_sync(alice, {"heads": {chat: 5}, **place(alice), "marks": marks}).json()
        assert bool(marks_told(answer)) is is_told, since


def test_marks_come_in_bounded_pages(alice: User, settings: Any) -> None:
    settings.SYNC_PAGE_EVENTS = 6
    chats = [make_chat(alice, friend) for friend in make_friends(alice, 5)]
    for chat in chats:
        fill(chat, alice, 2)
    start = place(alice)
    heads = dict.fromkeys(chats, 2)
    # All at one moment: the place within the marks tells them apart.
    Membership.objects.update(delivered=2, seen=1, marks_at=now())
    pages = list(pages_of_sync(alice, heads=heads, **start))
    assert all(len(page["events"]) <= 6 for page in pages)
    met = [(e["event"], e["data"]["chat"], e["data"]["user"]) for p in pages for e in p["events"]]
    assert len(met) == len(set(met)) == 5 * 2 * 2
    assert pages[0]["marks"] != pages[-1]["marks"] <= rfc3339(now())
    assert all(page["heads"] == heads for page in pages)


def test_marks_wait_for_the_messages_that_they_mark(
    alice: User, bob: User, chat: str, settings: Any
) -> None:
    settings.SYNC_PAGE_EVENTS = 3
    start = place(alice)
    fill(chat, alice, 5)
    mark(bob, chat, "seen", 5)
    first, *rest = pages_of_sync(alice, heads={chat: 0}, **start)
    assert marks_told(first) == set() and first["marks"] == start["marks"]
    assert ("message:seen", str(bob.pk), 5) in marks_told(rest[-1]) | marks_told(rest[0])


@pytest.mark.parametrize("off", ["alice", "bob"])
def test_sync_tells_no_seen_that_is_not_shared(alice: User, bob: User, chat: str, off: str) -> None:
    fill(chat, alice, 5)
    start = place(alice)
    User.objects.filter(username=off).update(read_receipts=False)
    mark(bob, chat, "seen", 3)
    mark(alice, chat, "seen", 4)
    answer = ask_sync(alice, {"heads": {chat: 5}, **start}).json()
    told = marks_told(answer)
    assert ("message:delivered", str(bob.pk), 3) in told
    assert not {one for one in told if one[0] == "message:seen" and one[1] == str(bob.pk)}
    assert ("message:seen", str(alice.pk), 4) in told


def test_sync_tells_no_marks_after_the_connection_ended(alice: User, bob: User, chat: str) -> None:
    fill(chat, alice, 5)
    remove_connection(user_id=alice.pk, other_id=bob.pk)
    start = place(alice)
    mark(bob, chat, "seen", 3)
    answer = ask_sync(alice, {"heads": {chat: 5}, **start}).json()
    assert not {one for one in marks_told(answer) if one[1] == str(bob.pk)}


def test_another_epoch_makes_a_client_start_afresh(
    alice: User, bob: User, chat: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = place(alice)
    post(bob, chat)
    Epoch.objects.all().delete()  # as after a restore
    monkeypatch.setattr("chat.epoch._known", None)
    assert epoch() != start["epoch"] and place(alice)["epoch"] == epoch()
    answer = ask_sync(alice, {"heads": {chat: 0}, **start}).json()
    assert answer["epoch"] == epoch()
    assert (answer["events"], answer["more"]) == ([], False)


def test_a_pruned_personal_log_makes_a_client_start_afresh(
    alice: User, bob: User, chat: str
) -> None:
    start = place(alice)
    User.objects.filter(pk=alice.pk).update(log_floor=start["position"])
    for position, is_afresh in ((start["position"], False), (start["position"] - 1, True)):
        answer = ask_sync(alice, {**start, "heads": {chat: 0}, "position": position}).json()
        assert (answer["epoch"] != start["epoch"]) is is_afresh
    # A client that knows nothing yet is fresh in any case.
    assert ask_sync(alice, {**start, "position": 0}).json()["epoch"] != start["epoch"]


def test_sync_reads_one_snapshot_in_few_queries(
    alice: User, django_assert_max_num_queries: Any
) -> None:
    friends = make_friends(alice, 30)
    chats = [make_chat(alice, friend) for friend in friends]
    for chat, friend in zip(chats, friends, strict=True):
        fill(chat, friend, 3)
    epoch()
    start = place(alice)
    # 1-2 the snapshot, 3 the log's bounds, 4 personal events, 5 chats and heads, 6-8 new chats with
    # their people and tallies, 9 places, 10-11 messages, 12 tallies, 13 marks, 14 people, 15 the
    # end.
    with django_assert_max_num_queries(15):
        sync_once(alice, heads={chat: 3 for chat in chats} | {chats[0]: 0}, **start)
    with django_assert_max_num_queries(15):
        answer = sync_once(alice, heads=dict.fromkeys(chats, 0), **start)
    assert len(of(answer["events"], "chat:receive")) == 90
    with django_assert_max_num_queries(15):
        answer = sync_once(alice, **start)
    assert len(of(answer["events"], "chat:new")) == 30


def test_sync_begins_after_the_start_of_the_membership(alice: User, bob: User, chat: str) -> None:
    fill(chat, alice, 6)
    Membership.objects.filter(user=bob).update(start=4, delivered=4, seen=4)
    answer = sync_once(bob, heads={chat: 0}, **place(bob))
    assert [one["message"]["seq"] for one in of(answer["events"], "chat:receive")] == [5, 6]
    assert Chat.objects.get().head == answer["heads"][chat]


def test_marks_are_moments(alice: User) -> None:
    at = datetime.fromisoformat(place(alice)["marks"])
    assert abs(at - datetime.now(UTC)) < timedelta(seconds=20)


def test_a_page_reads_no_more_than_it_has_room_for(alice: User, bob: User, settings: Any) -> None:
    chats = sorted((bare_group(bob, alice) for _ in range(12)), key=int)
    for chat in chats:
        fill(chat, bob, 50)
    settings.SYNC_PAGE_EVENTS = 60
    held = {"heads": dict.fromkeys(chats, 0)}
    read = rows_read(lambda: sync_once(alice, **held), "chat_message")
    assert read <= 400  # of 600, twice
    pages = list(pages_of_sync(alice, **held))
    told = [
        e["data"]["message"] for page in pages for e in page["events"] if "message" in e["data"]
    ]
    assert [(one["chat"], one["seq"]) for one in told] == [
        (chat, seq) for chat in chats for seq in range(1, 51)
    ]
    assert len(pages) <= 12 and pages[-1]["heads"] == dict.fromkeys(chats, 50)
