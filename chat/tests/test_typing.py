"""Typing: told at once to whom it may concern, kept nowhere."""

from typing import Any

import pytest

from accounts.models import User
from chat.actions import typing
from chat.actions.typing import tell_typing
from connections.actions.people import block_person, remove_connection
from core.errors import NotFound
from realtime.tests.published import Published

pytestmark = pytest.mark.django_db


def told(published: Published) -> list[tuple[set[int], bool, str]]:
    """To whom, whether, what."""
    return [
        (push.to, push.data["typing"], push.data["kind"]) for push in published.take("chat:typing")
    ]


def test_the_other_one_hears(alice: User, bob: User, chat: str, published: Published) -> None:
    tell_typing(alice.pk, chat, True, "text")
    (push,) = published.take()
    assert push.to == {bob.pk}
    assert push.data == {"chat": chat, "user": str(alice.pk), "typing": True, "kind": "text"}


def test_the_same_again_is_told_after_three_seconds(
    alice: User, bob: User, chat: str, published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Clock:
        now = 1000.0

        def monotonic(self) -> float:
            return self.now

    clock = Clock()
    monkeypatch.setattr(typing, "time", clock)
    steps: list[tuple[float, User, bool, Any, bool]] = [
        (0, alice, True, "text", True),
        (1, alice, True, "text", False),
        (0, bob, True, "text", True),
        (0, alice, True, "voice", True),
        (1, alice, False, "voice", True),
        (0, alice, False, "voice", False),
        (0, alice, True, "voice", True),
        (2.9, alice, True, "voice", False),
        (0.2, alice, True, "voice", True),
    ]
    for seconds, user, is_typing, kind, is_told in steps:
        clock.now += seconds
        tell_typing(user.pk, chat, is_typing, kind)
        assert bool(told(published)) is is_told, (seconds, user, is_typing, kind)


def test_who_does_not_share_it_tells_nobody(
    alice: User, bob: User, chat: str, published: Published
) -> None:
    User.objects.filter(pk=alice.pk).update(typing=False)
    tell_typing(alice.pk, chat, True, "text")
    assert told(published) == []


@pytest.mark.parametrize("end", ["removed", "blocked", "blocking"])
def test_a_closed_chat_tells_nothing(
    alice: User, bob: User, chat: str, published: Published, end: str
) -> None:
    if end == "removed":
        remove_connection(user_id=bob.pk, other_id=alice.pk)
    elif end == "blocked":
        block_person(blocker_id=bob.pk, blocked_id=alice.pk)
    else:
        block_person(blocker_id=alice.pk, blocked_id=bob.pk)
    published.take()
    tell_typing(alice.pk, chat, True, "text")
    assert published.take() == []


def test_strangers_find_no_chat(carol: User, dave: User, chat: str, published: Published) -> None:
    published.take()
    for user in (carol, dave):
        for one in (chat, "1", "x", "9" * 30):
            with pytest.raises(NotFound):
                tell_typing(user.pk, one, True, "text")
    assert published.take() == []
