"""Pins: what stands at the top of a chat."""

from functools import partial
from typing import Any

import pytest

from accounts.models import User
from chat.actions.pins import pin
from chat.actions.removals import delete_for_everyone, delete_for_me
from chat.models import Membership
from chat.tests.acts import API, bare_group, head_of, path_of, post, refusal
from connections.actions.people import remove_connection
from connections.tests.acts import as_, at_once
from core.errors import Conflict
from realtime.tests.published import Published

pytestmark = pytest.mark.django_db


def pins(user: User, chat: str) -> list[int]:
    """The seqs that the user finds pinned."""
    answer = as_(user).get(f"{API}{chat}/pins/").json()
    assert all(message["pinned"] for message in answer["results"])
    return [message["seq"] for message in answer["results"]]


def test_both_of_a_direct_chat_pin_and_take_down(
    alice: User,
    bob: User,
    chat: str,
    published: Published,
    django_capture_on_commit_callbacks: Any,
) -> None:
    for _ in range(3):
        post(alice, chat)
    with django_capture_on_commit_callbacks(execute=True):
        answer = as_(bob).put(path_of(chat, 3, "pin"))
    assert answer.status_code == 200 and answer.json()["pinned"]
    (push,) = published.take("message:updated")
    assert (push.data["change"], push.data["seq"], push.data["by"]) == ("pinned", 4, str(bob.pk))
    assert push.data["message"]["pinned"] and push.to == {alice.pk, bob.pk}
    as_(alice).put(path_of(chat, 1, "pin"))
    assert pins(bob, chat) == [1, 3]  # the newest pin first
    head = head_of(bob, chat)
    assert as_(bob).put(path_of(chat, 1, "pin")).status_code == 200
    assert as_(bob).delete(path_of(chat, 2, "pin")).status_code == 204
    assert head_of(bob, chat) == head
    assert as_(bob).delete(path_of(chat, 1, "pin")).status_code == 204
    assert (pins(alice, chat), head_of(bob, chat)) == ([3], head + 1)
    assert not as_(alice).get(path_of(chat, 1)).json()["pinned"]
    # The list has pages like all lists.
    pin(alice.pk, chat, 2, True)
    first = as_(alice).get(f"{API}{chat}/pins/?limit=1").json()
    second = as_(alice).get(f"{API}{chat}/pins/?limit=1&cursor={first['next']}").json()
    assert [one["seq"] for one in first["results"] + second["results"]] == [2, 3]
    assert second["next"] is None and second["users"].keys() == {str(alice.pk)}
    assert refusal(as_(alice).get(f"{API}{chat}/pins/?cursor=x")) == (400, "cursor_invalid")


def test_a_chat_has_few_pins_and_gone_messages_take_no_place(
    alice: User, bob: User, chat: str
) -> None:
    for seq in range(1, 8):
        assert post(alice, chat).seq == seq
    for seq in (1, 2, 3):
        pin(bob.pk, chat, seq, True)
    assert refusal(as_(bob).put(path_of(chat, 4, "pin"))) == (409, "pins_full")
    assert as_(bob).put(path_of(chat, 3, "pin")).status_code == 200  # it is already
    delete_for_everyone(alice.pk, chat, 1)
    assert pins(bob, chat) == [3, 2]
    assert as_(bob).put(path_of(chat, 4, "pin")).status_code == 200
    # Whom it is hidden from does not see it; for the others it stays.
    delete_for_me(bob.pk, chat, 2)
    assert (pins(bob, chat), pins(alice, chat)) == ([4, 3], [4, 3, 2])
    assert refusal(as_(bob).delete(path_of(chat, 2, "pin"))) == (404, "message_not_found")
    assert refusal(as_(bob).put(path_of(chat, 1, "pin"))) == (409, "message_deleted")
    Membership.objects.filter(user=bob).update(start=3)
    assert pins(bob, chat) == [4]


def test_in_groups_who_may_edit_the_info_pins(
    alice: User, bob: User, carol: User, dave: User
) -> None:
    group = bare_group(alice, bob, edit_info="admins")
    post(bob, group)
    assert refusal(as_(bob).put(path_of(group, 1, "pin"))) == (403, "admins_only")
    assert as_(alice).put(path_of(group, 1, "pin")).status_code == 200
    assert refusal(as_(bob).delete(path_of(group, 1, "pin"))) == (403, "admins_only")
    for_all = bare_group(alice, bob, post="admins")
    post(alice, for_all)
    assert as_(bob).put(path_of(for_all, 1, "pin")).status_code == 200
    for stranger in (carol, dave):
        for call in (as_(stranger).put, as_(stranger).delete):
            assert refusal(call(path_of(group, 1, "pin"))) == (404, "chat_not_found")
        assert refusal(as_(stranger).get(f"{API}{group}/pins/")) == (404, "chat_not_found")


def test_a_closed_chat_keeps_its_pins(alice: User, bob: User, chat: str) -> None:
    post(alice, chat)
    pin(alice.pk, chat, 1, True)
    remove_connection(user_id=alice.pk, other_id=bob.pk)
    assert refusal(as_(bob).delete(path_of(chat, 1, "pin"))) == (403, "chat_closed")
    assert pins(bob, chat) == [1]


@pytest.mark.django_db(transaction=True)
def test_pins_at_once_are_no_more_than_there_is_place(alice: User, bob: User, chat: str) -> None:
    for _ in range(8):
        post(alice, chat)
    acts = [partial(pin, (alice, bob)[seq % 2].pk, chat, seq, True) for seq in range(1, 9)]
    answers = at_once(acts)
    assert len([one for one in answers if isinstance(one, Conflict)]) == 5
    assert len(pins(alice, chat)) == 3 and head_of(alice, chat) == 11
