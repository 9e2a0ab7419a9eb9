"""Reactions: one emoji a person and message."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from accounts.models import User
from chat.actions import messages
from chat.actions.edits import edit_message
from chat.actions.pins import pin
from chat.actions.polls import vote
from chat.actions.reactions import react
from chat.models import Reaction
from chat.tests.acts import (
    API,
    bare_group,
    head_of,
    make_poll,
    path_of,
    post,
    refusal,
    seqs_of,
)
from connections.actions.people import remove_connection
from connections.tests.acts import as_, at_once
from core.errors import AppError
from core.limits import Buckets
from realtime.tests.published import Published

pytestmark = pytest.mark.django_db


def put(user: User, chat: str, seq: int, emoji: Any) -> Any:
    """Over HTTP."""
    return as_(user).put(path_of(chat, seq, "reaction"), {"emoji": emoji}, format="json")


def test_another_one_replaces_it_and_none_takes_it_back(
    alice: User,
    bob: User,
    chat: str,
    published: Published,
    django_capture_on_commit_callbacks: Any,
) -> None:
    seq = post(alice, chat).seq
    me = str(bob.pk)
    with django_capture_on_commit_callbacks(execute=True):
        answer = put(bob, chat, seq, "👍")
    assert answer.json()["reactions"] == [{"emoji": "👍", "count": 1, "users": [me], "mine": True}]
    (push,) = published.take("message:updated")
    assert push.data["reaction"] == {"user": me, "emoji": "👍"}
    assert (push.data["change"], push.data["seq"], push.to) == (
        "reacted", seq + 1, {alice.pk, bob.pk}
    )  # fmt: skip
    assert push.data["message"]["reactions"] == [{"emoji": "👍", "count": 1, "users": [me]}]
    react(alice.pk, chat, seq, "👍")
    put(bob, chat, seq, "🎉")
    (first, second) = as_(alice).get(path_of(chat, seq)).json()["reactions"]
    assert (first["emoji"], first["mine"], second["emoji"], second["mine"]) == (
        "👍", True, "🎉", False
    )  # fmt: skip
    head = head_of(bob, chat)
    assert put(bob, chat, seq, "🎉").status_code == 200
    for _ in range(2):
        assert as_(bob).delete(path_of(chat, seq, "reaction")).status_code == 204
    assert head_of(bob, chat) == head + 1
    assert Reaction.objects.get().user_id == alice.pk
    # It is no activity: the list and unread stay, and no message takes its place.
    assert seqs_of(chat) == [seq] and as_(bob).get(f"{API}{chat}/").json()["unread"] == 1


def test_in_the_order_in_which_they_came_and_the_first_five_named(alice: User) -> None:
    people = [User.objects.create_user(f"person{n}") for n in range(8)]
    group = bare_group(alice, *people, post="admins")
    seq = post(alice, group).seq
    for n, person in enumerate(people):
        react(person.pk, group, seq, "🎉" if n == 3 else "👍")
    react(people[0].pk, group, seq, "🎉")
    first, second = as_(people[7]).get(path_of(group, seq)).json()["reactions"]
    ids = [str(one.pk) for one in people]
    assert (first["emoji"], first["count"], first["mine"]) == ("👍", 6, True)
    assert first["users"] == [ids[1], ids[2], ids[4], ids[5], ids[6]]
    assert (second["emoji"], second["users"], second["mine"]) == ("🎉", [ids[3], ids[0]], False)
    page = as_(alice).get(f"{API}{group}/messages/").json()
    assert {*first["users"], *second["users"]} <= page["users"].keys()


def test_one_emoji_and_nothing_else(alice: User, bob: User, carol: User, chat: str) -> None:
    seq = post(alice, chat).seq
    for emoji in ("👍", "👍🏽", "❤️", "👨‍👩‍👧‍👦", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🇩🇪", "1️⃣", "🫶"):
        assert put(bob, chat, seq, emoji).json()["reactions"][0]["emoji"] == emoji
    odd: Any
    for odd in ("", "a", "1", "👍👍", "👍 ", " 👍", "👍a", ":thumbsup:", "\u200d", "\ufe0f",
                "🏽" * 2, "👍" * 5_000, "<b>", "\U0001f1e9", "\ufe0f\u20e3"):  # fmt: skip
        assert refusal(put(bob, chat, seq, odd)) == (400, "not_an_emoji"), odd
        assert refusal(put(carol, chat, seq, odd)) == (404, "chat_not_found")
    for odd in (None, 1, ["👍"], {}, True):
        assert refusal(put(bob, chat, seq, odd)) == (400, "invalid")
        assert refusal(put(carol, chat, seq, odd)) == (404, "chat_not_found")
    assert refusal(put(bob, chat, 99, "👍")) == (404, "message_not_found")
    remove_connection(user_id=alice.pk, other_id=bob.pk)
    assert refusal(put(bob, chat, seq, "👍")) == (403, "chat_closed")
    assert refusal(as_(bob).delete(path_of(chat, seq, "reaction"))) == (403, "chat_closed")


@pytest.mark.django_db(transaction=True)
def test_many_at_once_leave_one_a_person(alice: User, bob: User, chat: str) -> None:
    seq = post(alice, chat).seq
    acts = [
        partial(react, user.pk, chat, seq, emoji)
        for emoji in ("👍", "🎉", "😀", None)
        for user in (alice, bob)
    ]
    answers = at_once(acts)
    assert not [one for one in answers if isinstance(one, Exception)]
    assert Reaction.objects.count() <= 2
    told = max(answers, key=lambda one: one["seq"])["message"]["reactions"]
    now = as_(alice).get(path_of(chat, seq)).json()["reactions"]
    assert [(one["emoji"], one["count"]) for one in told] == [
        (one["emoji"], one["count"]) for one in now
    ]


@pytest.mark.parametrize(
    "act",
    [
        lambda who, chat, seq: react(who, chat, seq, "👍"),
        lambda who, chat, seq: vote(who, chat, seq, [1]),
        lambda who, chat, seq: pin(who, chat, seq, True),
        lambda who, chat, seq: edit_message(who, chat, seq, "so"),
    ],
    ids=["react", "vote", "pin", "edit"],
)
def test_what_goes_to_all_again_and_again_counts_as_sending(
    alice: User, chat: str, act: Callable[[int, str, int], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    seq = make_poll(alice, chat)
    monkeypatch.setattr(messages, "_sends", Buckets(2, 0.001))
    codes = []
    for _ in range(3):
        try:
            act(alice.pk, chat, seq)
        except AppError as error:
            codes.append(error.code)
    assert codes.count("rate_limited") == 1 and codes[-1] == "rate_limited"
