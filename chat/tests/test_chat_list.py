"""The chat list: order, preview, unread, pages and their cost."""

import base64
import json
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from chat.models import Chat, Membership, Message
from chat.tests.acts import API, fill, make_chat, make_friends, mark, post
from connections.tests.acts import as_, connect


def chats(user: User, query: str = "") -> Any:
    """Over HTTP."""
    answer = as_(user).get(f"{API}?{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def ids(page: Any) -> list[str]:
    """The chats of a page."""
    return [chat["id"] for chat in page["results"]]


def space_out(*in_order: str) -> None:
    """Gives chats times of activity of their own: a test's transaction has but one now()."""
    for n, chat in enumerate(in_order):
        Chat.objects.filter(pk=chat).update(active_at=f"2026-01-01T00:00:{n:02}Z")


def test_nobody_has_a_chat_at_first(carol: User) -> None:
    assert chats(carol) == {"results": [], "next": None, "users": {}}


def test_latest_activity_comes_first(alice: User) -> None:
    friends = make_friends(alice, 3)
    one, two, three = (make_chat(alice, friend) for friend in friends)
    space_out(one, two, three)
    assert ids(chats(alice)) == [three, two, one]
    post(friends[0], one)
    page = chats(alice)
    assert ids(page) == [one, three, two]
    assert page["users"].keys() == {str(user.pk) for user in (alice, *friends)}


def test_the_preview_is_the_newest_message_with_its_status(
    alice: User, bob: User, chat: str
) -> None:
    post(alice, chat, "first")
    post(bob, chat, "second")
    for user in (alice, bob):
        (shown,) = chats(user)["results"]
        history = as_(user).get(f"{API}{chat}/messages/").json()["results"]
        assert shown["last_message"] == history[-1]
        assert shown["head"] == 2
        assert shown == as_(user).get(f"{API}{chat}/").json()
    for kind in ("delivered", "seen"):
        mark(alice, chat, kind, 2)
        assert chats(bob)["results"][0]["last_message"]["status"] == kind
        assert chats(alice)["results"][0]["last_message"]["status"] is None
    User.objects.filter(pk=alice.pk).update(read_receipts=False)
    assert chats(bob)["results"][0]["last_message"]["status"] == "delivered"


def test_unread_counts_others_messages_above_the_mark(alice: User, bob: User, chat: str) -> None:
    def unread(user: User) -> int:
        return int(chats(user)["results"][0]["unread"])

    for n in range(3):
        post(alice, chat, f"{n}")
        post(bob, chat, f"{n}")
    assert (unread(alice), unread(bob)) == (3, 3)
    mark(bob, chat, "delivered", 6)
    assert unread(bob) == 3
    mark(bob, chat, "seen", 3)
    assert (unread(alice), unread(bob)) == (3, 1)
    Message.objects.filter(chat_id=chat, seq=5).update(kind="system", sender=None)
    assert unread(bob) == 0
    assert unread(alice) == 3


@pytest.mark.parametrize(("messages", "shown"), [(999, 999), (1000, 1000), (1001, 1000)])
def test_unread_is_exact_up_to_999(
    alice: User, bob: User, chat: str, messages: int, shown: int
) -> None:
    fill(chat, alice, messages)
    assert chats(bob)["results"][0]["unread"] == shown


def test_who_wrote_before_the_membership_began_is_not_shown(
    alice: User, bob: User, chat: str
) -> None:
    fill(chat, alice, 4)
    Membership.objects.filter(chat_id=chat, user=bob).update(start=4, delivered=4, seen=4)
    (shown,) = chats(bob)["results"]
    assert (shown["last_message"], shown["unread"], shown["head"]) == (None, 0, 4)


def test_filters(alice: User, chat: str) -> None:
    assert ids(chats(alice, "kind=direct")) == [chat]
    assert ids(chats(alice, "kind=group")) == []
    assert ids(chats(alice, "archived=true")) == []
    assert ids(chats(alice, "archived=false")) == [chat]
    for query in ("kind=odd", "archived=maybe", "limit=0", "limit=101", "limit=abc", "limit=-5"):
        answer = as_(alice).get(f"{API}?{query}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid"), query


def test_pages_repeat_nothing_while_messages_arrive(alice: User) -> None:
    friends = make_friends(alice, 7)
    made = [make_chat(alice, friend) for friend in friends]
    space_out(*made)
    page = chats(alice, "limit=3")
    met = ids(page)
    assert met == made[:3:-1]
    post(friends[5], made[5])  # one that was shown moves, and nothing is shown twice
    post(friends[0], made[0])  # one that was not shown moves up: the live stream tells of it
    while page["next"]:
        page = chats(alice, f"limit=2&cursor={page['next']}")
        met += ids(page)
    assert met == [*made[:3:-1], *made[3:0:-1]]


def test_a_page_that_is_exactly_full_is_the_last(alice: User) -> None:
    for friend in make_friends(alice, 2):
        make_chat(alice, friend)
    assert chats(alice, "limit=2")["next"] is None
    assert chats(alice, "limit=1")["next"] is not None


def cursor_of(value: Any) -> str:
    """A cursor that a client has made up."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


AT = "2026-01-01T00:00:00+00:00"


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "%00",
        "%F0%9F%98%80",
        "bnVsbA",
        cursor_of([]),
        cursor_of({}),
        cursor_of([1, 2]),
        cursor_of([AT]),
        cursor_of([AT, "1"]),
        cursor_of([AT, True]),
        cursor_of([AT, 1.5]),
        cursor_of([AT, 2**63]),
        cursor_of([AT, 10**30]),
        cursor_of(["yesterday", 1]),
        cursor_of(["0001-01-01T00:00:00+14:00", 1]),
        cursor_of(["9999-12-31T23:59:59-14:00", 1]),
        cursor_of([AT, 1, 2]),
        cursor_of([["\0"], 1]),
        "A" * 5000,
        cursor_of([[[]] * 50]),
    ],
)
def test_a_cursor_of_somewhere_else_is_refused(alice: User, chat: str, cursor: str) -> None:
    answer = as_(alice).get(f"{API}?cursor={cursor}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "cursor_invalid")


def test_a_list_of_sixty_costs_what_a_list_of_one_costs(
    alice: User, bob: User, chat: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    post(bob, chat)
    # 1 the chats with previews and unread, 2 people.
    with django_assert_max_num_queries(3) as of_one:
        assert len(ids(chats(alice, "limit=100"))) == 1
    for n, friend in enumerate(make_friends(alice, 59)):
        post(friend, make_chat(alice, friend), f"{n}")
    with django_assert_max_num_queries(len(of_one)):
        assert len(ids(chats(alice, "limit=100"))) == 60


def test_the_list_reads_messages_by_their_place(alice: User, bob: User, chat: str) -> None:
    from django.test.utils import CaptureQueriesContext

    fill(chat, bob, 1000)
    for friend in make_friends(alice, 9):
        fill(make_chat(alice, friend), friend, 1000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with CaptureQueriesContext(connection) as captured:
        chats(alice)
    for query in captured:
        if "chat_message" in query["sql"]:
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN {query['sql']}")
                plan = "\n".join(row[0] for row in cursor.fetchall())
            assert "Seq Scan on chat_message" not in plan, plan


def make_many_chats(user: User, number: int) -> None:
    """So many chats of the user's, half of them groups, each with a message of another's; one in
    ten is archived, one in twenty pinned, and some are deleted from the list.
    """
    friends = make_friends(user, number)
    pairs = [sorted((user.pk, friend.pk)) for friend in friends]
    chats = Chat.objects.bulk_create(
        Chat(kind="group", name=f"{n}", head=1, last_seq=1)
        if n % 2
        else Chat(kind="direct", low_id=low, high_id=high, head=1, last_seq=1)
        for n, (low, high) in enumerate(pairs)
    )
    Membership.objects.bulk_create(
        Membership(
            chat=chat,
            user=member,
            archived=n % 10 == 0,
            pinned=n % 20 == 1,
            hidden=n % 50 == 2,
            start=n % 50 == 2,
        )
        for n, (chat, friend) in enumerate(zip(chats, friends, strict=True))
        for member in (user, friend)
    )
    Message.objects.bulk_create(
        Message(chat=chat, seq=1, sender=friend, text="hi", created_at=chat.created_at)
        for chat, friend in zip(chats, friends, strict=True)
    )


def test_a_person_in_a_thousand_chats_reads_them_in_three_queries_a_page(
    alice: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    make_many_chats(alice, 1000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = as_(alice)
    met: list[str] = []
    cursor_of_next = ""
    while cursor_of_next is not None:
        with django_assert_max_num_queries(3):
            page = client.get(f"{API}?limit=100&cursor={cursor_of_next}").json()
        met += ids(page)
        assert all(chat["unread"] == 1 for chat in page["results"])
        cursor_of_next = page["next"]
    assert len(met) == len(set(met)) == 1000 - 100 - 20
    # A deleted one is archived too, in one case of five.
    assert len(ids(chats(alice, "archived=true&limit=100"))) == 100
    with django_assert_max_num_queries(3):
        assert len(ids(chats(alice, "pinned=true&limit=100"))) == 50


def test_only_ones_own_chats_are_listed(alice: User, bob: User, carol: User, chat: str) -> None:
    connect(carol, bob)
    other = make_chat(bob, carol)
    assert ids(chats(alice)) == [chat]
    assert ids(chats(carol)) == [other]
    assert set(ids(chats(bob))) == {chat, other}
