"""Pages of a chat's messages: every edge, and what they cost."""

from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from chat.models import Membership
from chat.tests.acts import API, fill, post
from connections.tests.acts import as_

Seqs = tuple[list[int], bool, bool]


@pytest.fixture
def ten(alice: User, chat: str) -> str:
    """Messages 1 to 10."""
    fill(chat, alice, 10)
    return chat


def page(user: User, chat: str, query: str = "") -> Any:
    """Over HTTP."""
    answer = as_(user).get(f"{API}{chat}/messages/?{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def span(first: int, last: int) -> list[int]:
    """Both included."""
    return list(range(first, last + 1))


EDGES: list[tuple[str, list[int], bool, bool]] = [
    ("", span(1, 10), False, False),
    ("limit=10", span(1, 10), False, False),
    ("limit=9", span(2, 10), True, False),
    ("limit=1", [10], True, False),
    ("before=11", span(1, 10), False, False),
    ("before=11&limit=3", span(8, 10), True, False),
    ("before=10&limit=3", span(7, 9), True, True),
    ("before=4&limit=3", [1, 2, 3], False, True),
    ("before=5&limit=3", [2, 3, 4], True, True),
    ("before=2", [1], False, True),
    ("before=1", [], False, True),
    ("before=0", [], False, True),
    ("before=999", span(1, 10), False, False),
    ("after=0", span(1, 10), False, False),
    ("after=0&limit=3", [1, 2, 3], False, True),
    ("after=0&limit=10", span(1, 10), False, False),
    ("after=7&limit=3", [8, 9, 10], True, False),
    ("after=6&limit=3", [7, 8, 9], True, True),
    ("after=9", [10], True, False),
    ("after=10", [], True, False),
    ("after=999", [], True, False),
    ("around=5&limit=4", [3, 4, 5, 6], True, True),
    ("around=5&limit=5", [3, 4, 5, 6, 7], True, True),
    ("around=5&limit=1", [5], True, True),
    ("around=1&limit=4", [1, 2], False, True),
    ("around=10&limit=4", [8, 9, 10], True, False),
    ("around=3&limit=4", [1, 2, 3, 4], False, True),
    ("around=9&limit=4", [7, 8, 9, 10], True, False),
    ("around=5&limit=100", span(1, 10), False, False),
    ("around=0&limit=4", [1, 2], False, True),
    ("around=99&limit=4", [9, 10], True, False),
]


@pytest.mark.parametrize(("query", "seqs", "before", "after"), EDGES, ids=[e[0] for e in EDGES])
def test_a_page_and_its_flags(
    bob: User, ten: str, query: str, seqs: list[int], before: bool, after: bool
) -> None:
    shown = page(bob, ten, query)
    assert [message["seq"] for message in shown["results"]] == seqs
    assert (shown["has_more_before"], shown["has_more_after"]) == (before, after)


def test_an_empty_chat_has_no_page(bob: User, chat: str) -> None:
    for query in ("", "before=1", "after=0", "around=1"):
        assert page(bob, chat, query) == {
            "results": [],
            "has_more_before": False,
            "has_more_after": False,
            "users": {},
        }


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "limit=abc",
        "limit=-1",
        "limit=1.5",
        "before=x",
        "after=-1",
        "around=a",
        "before=3&after=1",
        "before=3&around=1",
        "after=1&around=1",
        f"before={2**63}",
        "before=%00",
        "limit=%E0%A4%A",
        "before=9" + "9" * 400,
    ],
)
def test_odd_questions_are_refused(bob: User, carol: User, ten: str, query: str) -> None:
    answer = as_(bob).get(f"{API}{ten}/messages/?{query}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid")
    # A stranger hears no more than that there is no chat.
    assert as_(carol).get(f"{API}{ten}/messages/?{query}").status_code == 404


def test_pages_name_who_wrote(alice: User, bob: User, ten: str) -> None:
    post(bob, ten)
    assert page(alice, ten, "limit=1")["users"].keys() == {str(bob.pk)}
    assert page(alice, ten, "limit=2")["users"].keys() == {str(alice.pk), str(bob.pk)}


def test_walking_both_ways_meets_every_message_once(alice: User, bob: User, chat: str) -> None:
    fill(chat, alice, 23)
    for step, first in (("before", ""), ("after", "after=0&")):
        met: list[int] = []
        query = first
        while True:
            shown = page(bob, chat, f"{query}limit=5")
            seqs = [message["seq"] for message in shown["results"]]
            met = seqs + met if step == "before" else met + seqs
            if not shown[f"has_more_{step}"]:
                break
            query = f"{step}={seqs[0] if step == 'before' else seqs[-1]}&"
        assert met == span(1, 23)


def test_history_begins_after_the_start_of_the_membership(bob: User, ten: str) -> None:
    Membership.objects.filter(chat_id=ten, user=bob).update(start=4)
    shown = page(bob, ten)
    assert [message["seq"] for message in shown["results"]] == span(5, 10)
    assert shown["has_more_before"] is False
    assert page(bob, ten, "after=0&limit=2")["has_more_before"] is False
    assert page(bob, ten, "before=5")["results"] == []
    for seq, status in ((4, 404), (5, 200)):
        assert as_(bob).get(f"{API}{ten}/messages/{seq}/").status_code == status


@pytest.mark.parametrize("seq", ["0", "11", "9" * 18, "9" * 19, "9" * 60, "-1", "x", "1.0"])
def test_a_seq_that_is_no_message_is_not_found(bob: User, ten: str, seq: str) -> None:
    assert as_(bob).get(f"{API}{ten}/messages/{seq}/").status_code == 404


def test_one_message_is_read_as_in_its_page(bob: User, ten: str) -> None:
    assert as_(bob).get(f"{API}{ten}/messages/7/").json() == page(bob, ten)["results"][6]


@pytest.mark.parametrize("query", ["", "before=2500", "after=2500", "around=2500", "before=40"])
def test_depth_costs_nothing(
    alice: User,
    bob: User,
    chat: str,
    query: str,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    fill(chat, alice, 5000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE chat_message")
    client = as_(bob)
    # 1 the membership with its chat, 2-3 messages, 4 the other side's flag, 5 reactions and votes,
    # 6 stars, 7 people, 8-9 marks.
    with django_assert_max_num_queries(7) as few:
        page(bob, chat, f"{query}&limit=1")
    with django_assert_max_num_queries(len(few)):
        client.get(f"{API}{chat}/messages/?{query}&limit=100")
    for query_run in few.captured_queries:
        if "chat_message" in query_run["sql"]:
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN {query_run['sql']}")
                plan = "\n".join(row[0] for row in cursor.fetchall())
            assert "chat_message_place" in plan, plan
            assert "Seq Scan on chat_message" not in plan, plan
