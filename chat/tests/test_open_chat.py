"""Finding or making a direct chat, and who may look at it."""

from functools import partial
from typing import Any

import pytest

from accounts.log import events_after, head
from accounts.models import User
from chat.actions.chats import open_direct_chat
from chat.models import Chat, Membership
from chat.tests.acts import API, make_chat
from connections.actions.people import block_person, remove_connection
from connections.tests.acts import as_, at_once, connect
from core.errors import NotFound
from core.ids import new_id
from realtime.tests.published import Published


def open_chat(caller: User, **body: Any) -> Any:
    """Over HTTP."""
    return as_(caller).post(API, body, format="json")


def test_both_are_told_of_a_new_chat_with_their_own_view(
    alice: User, bob: User, published: Published, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        answer = open_chat(alice, kind="direct", user=str(bob.pk))
    chat = answer.json()
    assert answer.status_code == 201
    assert (chat["kind"], chat["peer"], chat["name"]) == ("direct", str(bob.pk), "Bob")
    assert (chat["head"], chat["unread"], chat["last_message"]) == (0, 0, None)
    assert chat["members_count"] == 2
    assert chat["me"]["role"] == "member"
    told = {next(iter(push.to)): push.data for push in published.take("chat:new")}
    assert told.keys() == {alice.pk, bob.pk}
    assert told[alice.pk]["chat"] == chat
    assert told[bob.pk]["chat"]["peer"] == str(alice.pk)
    for user in (alice, bob):
        assert told[user.pk]["position"] == head(user.pk)
        assert told[user.pk]["users"].keys() == {str(alice.pk), str(bob.pk)}
        assert events_after(user.pk, head(user.pk) - 1, 9)[0].event == "chat:new"


def test_the_second_call_finds_it_from_either_side(
    alice: User, bob: User, chat: str, published: Published, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        for one, other in ((alice, bob), (bob, alice)):
            answer = open_chat(one, kind="direct", user=str(other.pk))
            assert (answer.status_code, answer.json()["id"]) == (200, chat)
    assert published.take() == []


def test_strangers_blocked_and_unknown_people_look_alike(
    alice: User, carol: User, dave: User
) -> None:
    unknown = ["nope", "", "-1", "1", "9" * 25, str(new_id()), "\u0661"]
    answers = [
        open_chat(alice, kind="direct", user=user)
        for user in (str(carol.pk), str(dave.pk), *unknown)
    ]
    answers.append(open_chat(dave, kind="direct", user=str(alice.pk)))
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert not Chat.objects.exists()


@pytest.mark.parametrize(
    "body",
    [{}, {"kind": "direct"}, {"kind": "odd", "user": "1"}, {"kind": "direct", "user": 7}, [], "x"],
    ids=repr,
)
def test_odd_bodies_are_refused(alice: User, body: Any) -> None:
    answer = as_(alice).post(API, body, format="json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid")


def test_there_is_no_chat_with_oneself(alice: User) -> None:
    answer = open_chat(alice, kind="direct", user=str(alice.pk))
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "not_yourself")


@pytest.mark.parametrize("end", ["removed", "blocked"])
def test_an_old_chat_is_found_after_the_connection_ended(
    alice: User, bob: User, chat: str, end: str
) -> None:
    if end == "removed":
        remove_connection(user_id=alice.pk, other_id=bob.pk)
    else:
        block_person(blocker_id=alice.pk, blocked_id=bob.pk)
    for one, other in ((alice, bob), (bob, alice)):
        answer = open_chat(one, kind="direct", user=str(other.pk))
        assert (answer.status_code, answer.json()["id"]) == (200, chat)


def test_a_closed_chat_shows_the_name_and_nothing_more(alice: User, bob: User, chat: str) -> None:
    User.objects.filter(pk=alice.pk).update(about="Busy", privacy_about="everyone")
    path = f"/api/v1/users/{alice.pk}/"
    assert as_(bob).get(path).json()["about"] == "Busy"
    block_person(blocker_id=alice.pk, blocked_id=bob.pk)
    shown = as_(bob).get(path)
    assert (shown.status_code, shown.json()["username"]) == (200, "alice")
    assert shown.json()["about"] is None


def test_who_shares_a_group_sees_what_everyone_sees(alice: User, carol: User) -> None:
    User.objects.filter(pk=alice.pk).update(about="Busy", privacy_about="everyone")
    group = Chat.objects.create(kind=Chat.Kind.GROUP, name="Walks")
    for member in (alice, carol):
        Membership.objects.create(chat=group, user=member)
    assert as_(carol).get(f"/api/v1/users/{alice.pk}/").json()["about"] == "Busy"


def test_reconnecting_leads_to_the_same_chat(alice: User, bob: User, chat: str) -> None:
    remove_connection(user_id=alice.pk, other_id=bob.pk)
    connect(alice, bob)
    assert make_chat(bob, alice) == chat


def test_a_chat_is_not_there_for_strangers(alice: User, carol: User, dave: User, chat: str) -> None:
    paths = ("", "messages/", "messages/1/", "messages/1/status/", "online-users/")
    for path in paths:
        assert as_(alice).get(f"{API}{chat}/{path}").status_code in {200, 404}
        theirs = [as_(user).get(f"{API}{chat}/{path}") for user in (carol, dave)]
        nobodys = [as_(carol).get(f"{API}{one}/{path}") for one in ("1", "x", str(new_id()))]
        assert {answer.status_code for answer in theirs + nobodys} == {404}
        assert len({answer.content for answer in theirs + nobodys}) == 1


def test_one_must_sign_in(chat: str) -> None:
    from rest_framework.test import APIClient

    for method, path in (("get", ""), ("post", ""), ("get", f"{chat}/"), ("post", f"{chat}/seen/")):
        answer = getattr(APIClient(), method)(f"{API}{path}")
        assert answer.status_code == 401
        assert answer.json()["error"]["code"] == "unauthenticated"
        assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.django_db(transaction=True)
def test_ten_openings_at_once_make_one_chat(alice: User, bob: User, published: Published) -> None:
    published.take()
    acts = [
        partial(open_direct_chat, one.pk, str(two.pk))
        for one, two in [(alice, bob), (bob, alice)] * 5
    ]
    answers = at_once(acts)
    assert len({access.chat.pk for access, _ in answers}) == 1
    assert sum(is_new for _, is_new in answers) == 1
    assert Chat.objects.count() == 1 and Membership.objects.count() == 2
    assert sorted(next(iter(push.to)) for push in published.take("chat:new")) == sorted(
        [alice.pk, bob.pk]
    )


@pytest.mark.django_db(transaction=True)
def test_opening_while_the_connection_ends_leaves_no_half_chat(alice: User, bob: User) -> None:
    for _ in range(5):
        opened, _ = at_once(
            [
                partial(open_direct_chat, alice.pk, str(bob.pk)),
                partial(remove_connection, user_id=bob.pk, other_id=alice.pk),
            ]
        )
        assert Membership.objects.count() == 2 * Chat.objects.count()
        assert isinstance(opened, NotFound) == (not Chat.objects.exists())
        Chat.objects.all().delete()
        connect(alice, bob)
