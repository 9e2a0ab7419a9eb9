"""Mentions: of members, counted while they are unread."""

from typing import Any

import pytest

from accounts.models import User
from chat.actions.edits import edit_message
from chat.actions.removals import delete_for_everyone, delete_for_me
from chat.tests.acts import API, bare_group, mark, path_of, post, refusal
from connections.tests.acts import as_

pytestmark = pytest.mark.django_db


def counts(user: User, chat: str) -> tuple[int, int]:
    """Unread, and unread mentions."""
    (listed,) = as_(user).get(f"{API}?kind=group").json()["results"]
    single = as_(user).get(f"{API}{chat}/").json()
    assert (single["unread"], single["mentions"]) == (listed["unread"], listed["mentions"])
    return listed["unread"], listed["mentions"]


def test_unread_mentions_are_counted(alice: User, bob: User, carol: User) -> None:
    group = bare_group(alice, bob, carol)
    b = str(bob.pk)
    first = post(alice, group, "you", mentions=[b, b]).seq
    second = post(carol, group, "all of you", mentions="all").seq
    third = post(alice, group, "both", mentions=["all", str(carol.pk)]).seq
    post(alice, group, "nobody")
    # What one writes oneself mentions oneself in vain.
    own = post(bob, group, "me", mentions=["all", b]).seq
    assert counts(bob, group) == (4, 3)
    assert counts(carol, group) == (4, 2)
    assert counts(alice, group) == (2, 2)
    message = as_(carol).get(path_of(group, third)).json()
    assert message["mentions"] == ["all", str(carol.pk)]
    assert as_(bob).get(path_of(group, first)).json()["mentions"] == [b]
    # An edit keeps them.
    edit_message(alice.pk, group, first, "you there")
    assert as_(bob).get(path_of(group, first)).json()["mentions"] == [b]
    assert counts(bob, group) == (4, 3)
    delete_for_everyone(carol.pk, group, second)
    assert counts(bob, group) == (3, 2)
    delete_for_me(bob.pk, group, third)
    assert counts(bob, group) == (2, 1)
    mark(bob, group, "seen", own)
    assert counts(bob, group) == (0, 0)
    post(alice, group, "again", mentions=[b])
    assert counts(bob, group) == (1, 1)


def test_only_members_can_be_mentioned(
    alice: User, bob: User, carol: User, dave: User, chat: str, settings: Any
) -> None:
    group = bare_group(alice, bob)

    def send(place: str, mentions: Any) -> Any:
        message = {"client_id": f"m{next(numbers)}", "text": "hi", "mentions": mentions}
        return as_(alice).post(f"{API}{place}/messages/", message, format="json")

    numbers = iter(range(100))
    for place in (group, chat):
        assert send(place, [str(bob.pk)]).status_code == 201
        assert send(place, "all").status_code == 201
        odd: Any
        for odd in ([str(carol.pk)], [str(bob.pk), str(dave.pk)], ["1"], ["x"], ["0"], [""]):
            assert refusal(send(place, odd)) == (404, "member_not_found"), odd
        for odd in ("everybody", [1], [None], 5, [[]], ["all"] * (settings.MENTIONS_MAX + 1)):
            assert refusal(send(place, odd)) == (400, "invalid"), odd
