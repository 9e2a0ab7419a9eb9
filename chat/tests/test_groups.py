"""Making groups, and coming into them and going out of them."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.log import head
from accounts.models import User
from chat.actions.members import add_members
from chat.models import Chat
from chat.tests.acts import API, make_friends, make_group, post
from chat.tests.group_acts import (
    actions_in,
    add,
    check_group,
    code_of,
    create,
    give,
    remove,
    roles_in,
)
from connections.actions.people import block_person, remove_connection
from connections.tests.acts import as_, connect
from core.ids import new_id
from realtime.tests.published import Published


def test_all_members_are_told_of_a_new_group(
    alice: User,
    bob: User,
    erin: User,
    published: Published,
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        answer = create(alice, bob, erin, description="On Sundays")
    group = answer.json()
    assert answer.status_code == 201
    assert (group["kind"], group["name"], group["description"]) == ("group", "Walks", "On Sundays")
    assert (group["members_count"], group["peer"], group["disappear_after"]) == (3, None, None)
    assert group["permissions"] == {
        "post": "all", "edit_info": "all", "invite": "admins", "history": "joined"
    }  # fmt: skip
    assert group["me"]["role"] == "owner"
    assert (group["head"], group["unread"]) == (1, 0)
    content = {"action": "created", "by": str(alice.pk), "users": [], "name": "Walks"}
    assert (group["last_message"]["kind"], group["last_message"]["content"]) == ("system", content)
    pushes = published.take()
    news = {next(iter(push.to)): push.data for push in pushes if push.event == "chat:new"}
    assert news.keys() == {alice.pk, bob.pk, erin.pk}
    assert news[bob.pk]["chat"]["me"]["role"] == "member"
    assert news[alice.pk]["chat"]["me"] == {**news[bob.pk]["chat"]["me"], "role": "owner"}
    # Everybody knows the chat before they hear its first message.
    assert pushes[-1].event == "chat:receive"
    assert pushes[-1].audience is not None and pushes[-1].audience.id == int(group["id"])
    assert pushes[-1].data["users"].keys() == {str(alice.pk)}
    assert as_(bob).get(f"{API}?kind=group").json()["results"][0]["id"] == group["id"]
    check_group(group["id"])


def test_who_is_no_connection_is_not_found_and_nothing_is_made(
    alice: User, bob: User, carol: User, dave: User
) -> None:
    remove_connection(user_id=alice.pk, other_id=bob.pk)
    answers = [create(alice, bob, one) for one in (carol, dave)]
    answers += [create(alice, members=[one]) for one in (str(new_id()), "x", "", "9" * 25)]
    answers.append(create(dave, alice))
    for answer in answers:
        assert code_of(answer) == (404, "user_not_found")
        assert list(answer.json()["error"]["fields"]) == ["members"]
    assert len({answer.content for answer in answers}) == 1
    assert not Chat.objects.exists()


@pytest.mark.parametrize(
    "more",
    [
        {"name": ""},
        {"name": "  \u200b"},
        {"name": "two\nlines"},
        {"name": "x" * 101},
        {"name": None},
        {"members": "1"},
        {"members": [1]},
        {"members": ["1"] * 2000},
        {"description": "x" * 513},
        {"client_id": "no spaces"},
        {"kind": "crowd"},
    ],
    ids=repr,
)
def test_odd_groups_are_refused(alice: User, more: dict[str, Any]) -> None:
    assert code_of(create(alice, **more)) == (400, "invalid")
    assert not Chat.objects.exists()


def test_a_group_may_begin_with_its_owner_and_does_not_count_them_twice(alice: User) -> None:
    alone = create(alice, alice).json()
    assert alone["members_count"] == 1
    check_group(alone["id"])


def test_a_repeated_client_id_finds_the_group_it_made(alice: User, bob: User, erin: User) -> None:
    first = create(alice, bob, erin, client_id="g1")
    assert first.status_code == 201
    as_(alice).patch(f"{API}{first.json()['id']}/", {"name": "Runs"}, format="json")
    again = create(alice, erin, bob, client_id="g1")
    assert (again.status_code, again.json()["id"]) == (200, first.json()["id"])
    remove_connection(user_id=alice.pk, other_id=bob.pk)
    assert create(alice, bob, erin, client_id="g1").status_code == 200  # before any other check
    assert code_of(create(alice, bob, client_id="g1")) == (409, "client_id_reused")
    assert code_of(create(alice, bob, erin, client_id="g1", name="Other")) == (
        409, "client_id_reused"
    )  # fmt: skip
    assert create(bob, client_id="g1").status_code == 201  # another person's
    remove(alice, first.json()["id"], alice)
    assert code_of(create(alice, bob, erin, client_id="g1")) == (404, "chat_not_found")


def test_only_so_many_are_made_a_day(alice: User, settings: Any) -> None:
    settings.GROUPS_PER_ACCOUNT_PER_DAY = 1
    assert create(alice, client_id="g1").status_code == 201
    assert create(alice, client_id="g1").status_code == 200
    assert code_of(create(alice, client_id="g2")) == (429, "rate_limited")


def test_only_so_many_fit(alice: User, bob: User, erin: User, settings: Any) -> None:
    settings.GROUP_MEMBERS_MAX = 2
    assert code_of(create(alice, bob, erin)) == (409, "group_full")
    group = make_group(alice, bob)
    assert code_of(add(alice, group, erin)) == (409, "group_full")
    assert add(alice, group, bob).status_code == 200
    settings.GROUP_MEMBERS_MAX = 3
    assert add(alice, group, erin).status_code == 201
    check_group(group)


def test_members_are_listed_in_the_order_in_which_they_came(
    alice: User, bob: User, erin: User, carol: User, chat: str, group: str
) -> None:
    add(alice, group, erin)
    first = as_(bob).get(f"{API}{group}/participants/?limit=2").json()
    second = as_(bob).get(f"{API}{group}/participants/?limit=2&cursor={first['next']}").json()
    rows = first["results"] + second["results"]
    assert [(row["user"], row["role"]) for row in rows] == [
        (str(alice.pk), "owner"), (str(bob.pk), "member"), (str(erin.pk), "member")
    ]  # fmt: skip
    assert rows[0].keys() == {"user", "role", "joined_at"}
    assert second["next"] is None
    assert (first["users"] | second["users"]).keys() == {row["user"] for row in rows}
    # Admins are told by which invite somebody came.
    assert as_(alice).get(f"{API}{group}/participants/").json()["results"][1]["invite"] is None
    of_direct = as_(bob).get(f"{API}{chat}/participants/").json()
    assert [row["role"] for row in of_direct["results"]] == ["member", "member"]
    assert code_of(as_(carol).get(f"{API}{group}/participants/")) == (404, "chat_not_found")


@pytest.mark.parametrize("history", ["joined", "all"])
def test_where_a_newcomers_history_and_marks_begin(
    alice: User,
    bob: User,
    erin: User,
    history: str,
    published: Published,
    django_capture_on_commit_callbacks: Any,
) -> None:
    group = make_group(alice, bob)
    Chat.objects.filter(pk=group).update(history=history)
    post(alice, group, "before")
    published.take()
    with django_capture_on_commit_callbacks(execute=True):
        answer = add(alice, group, erin)
    assert answer.status_code == 201
    assert answer.json() == {
        "user": str(erin.pk), "role": "member", "invite": None,
        "joined_at": answer.json()["joined_at"],
    }  # fmt: skip
    pushes = published.take()
    assert [push.event for push in pushes] == ["chat:new", "chat:receive", "chat:updated"]
    new, system, updated = pushes
    assert new.to == {erin.pk} and new.data["position"] == head(erin.pk)
    assert new.data["chat"]["head"] == 2 and system.data["message"]["seq"] == 3
    me = new.data["chat"]["me"]
    assert (me["role"], me["delivered"], me["seen"]) == ("member", 3, 3)
    content = {"action": "added", "by": str(alice.pk), "users": [str(erin.pk)]}
    assert system.data["message"]["content"] == content
    assert system.data["users"].keys() == {str(alice.pk), str(erin.pk)}
    for push in (system, updated):
        assert push.audience is not None and push.audience.version == 2
    assert updated.data["chat"]["members_count"] == 3
    assert "me" not in updated.data["chat"] and "unread" not in updated.data["chat"]

    shown = as_(erin).get(f"{API}{group}/messages/").json()["results"]
    assert [one["seq"] for one in shown] == ([3] if history == "joined" else [1, 2, 3])
    mine = as_(erin).get(f"{API}{group}/").json()
    assert (mine["unread"], mine["me"]["seen"], mine["head"]) == (0, 3, 3)
    post(bob, group, "after")
    assert as_(erin).get(f"{API}{group}/").json()["unread"] == 1
    check_group(group)


def test_several_are_added_at_once_or_none(
    alice: User, bob: User, erin: User, carol: User, group: str
) -> None:
    failed = add(alice, group, erin, carol)
    assert code_of(failed) == (404, "user_not_found")
    assert list(failed.json()["error"]["fields"]) == ["users"]
    assert roles_in(group).keys() == {alice.pk, bob.pk}
    answer = add(alice, group, erin, bob)  # bob is in it, and no matter
    assert answer.status_code == 201
    assert {row["user"] for row in answer.json()["results"]} == {str(bob.pk), str(erin.pk)}
    assert add(alice, group, erin, bob).status_code == 200
    assert actions_in(group) == [("created", []), ("added", [str(erin.pk)])]


def test_odd_additions(alice: User, carol: User, chat: str, group: str) -> None:
    def send(who: User, where: str, body: Any) -> Any:
        return as_(who).post(f"{API}{where}/participants/", body, format="json")

    bodies: list[Any] = [{}, {"user": "1", "users": ["1"]}, {"user": 1}, {"users": ["1"] * 300}, []]
    for body in bodies:
        assert code_of(send(alice, group, body)) == (400, "invalid")
        assert code_of(send(carol, group, body)) == (404, "chat_not_found")
    assert send(alice, group, {"users": []}).status_code == 200
    assert code_of(add(alice, chat, carol)) == (400, "not_a_group")
    assert code_of(remove(alice, chat, alice)) == (400, "not_a_group")
    assert code_of(give(alice, chat, alice, "admin")) == (400, "not_a_group")
    assert code_of(give(alice, group, carol, "admin")) == (404, "member_not_found")
    assert code_of(remove(alice, group, carol)) == (404, "member_not_found")
    assert code_of(as_(alice).delete(f"{API}{group}/participants/x/")) == (404, "member_not_found")
    assert code_of(give(alice, group, alice, "king")) == (400, "invalid")
    assert code_of(give(carol, group, alice, "king")) == (404, "chat_not_found")


def test_blocked_people_are_not_added_and_hidden_from_nobody_in_a_group(
    alice: User, bob: User, erin: User, group: str
) -> None:
    add(alice, group, erin)
    connect(bob, erin)
    other = make_group(bob)
    block_person(blocker_id=erin.pk, blocked_id=bob.pk)
    assert code_of(add(bob, other, erin)) == (404, "user_not_found")
    post(erin, group, "hear me")
    shown = as_(bob).get(f"{API}{group}/messages/").json()["results"]
    assert shown[-1]["text"] == "hear me"
    assert post(bob, group, "I do").seq == 4


def test_many_members_cost_no_more_queries_than_few(alice: User) -> None:
    friends = make_friends(alice, 400)

    def queries_of(act: Any) -> int:
        with CaptureQueriesContext(connection) as queries:
            act()
        return len(queries)

    small = queries_of(lambda: make_group(alice, friends[0]))
    assert queries_of(lambda: make_group(alice, *friends[:200])) == small <= 20
    group = make_group(alice)
    ids = [str(one.pk) for one in friends]
    few = queries_of(lambda: add_members(alice.pk, group, ids[:2], "users"))
    many = queries_of(lambda: add_members(alice.pk, group, ids[2:202], "users"))
    assert few == many <= 25
    check_group(group)
