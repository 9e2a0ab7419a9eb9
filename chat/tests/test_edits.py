"""Edits: by the sender, for a while, and what becomes of what was said before."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from accounts.models import User
from chat.actions.edits import edit_message
from chat.actions.removals import delete_for_everyone
from chat.models import Edit, Message
from chat.tests.acts import API, bare_group, head_of, make_poll, path_of, post, refusal
from connections.actions.people import remove_connection
from connections.tests.acts import as_, at_once
from core.clock import now
from core.errors import AppError
from realtime.tests.published import Published

pytestmark = pytest.mark.django_db


def patch(user: User, chat: str, seq: int, text: Any) -> Any:
    """Over HTTP."""
    return as_(user).patch(path_of(chat, seq), {"text": text}, format="json")


def test_all_hear_the_new_text_and_the_old_one_is_kept_for_moderation(
    alice: User,
    bob: User,
    chat: str,
    published: Published,
    django_capture_on_commit_callbacks: Any,
) -> None:
    seq = post(alice, chat, "one", mentions=[str(bob.pk)]).seq
    post(bob, chat, "so", reply_to=seq)
    with django_capture_on_commit_callbacks(execute=True):
        answer = patch(alice, chat, seq, "two")
    assert answer.status_code == 200
    edited = answer.json()
    assert (edited["text"], edited["status"], edited["seq"]) == ("two", "sent", seq)
    assert edited["edited_at"] and edited["mentions"] == [str(bob.pk)]
    (push,) = published.take("message:updated")
    assert (push.data["change"], push.data["seq"]) == ("edited", 3)
    assert push.to == {alice.pk, bob.pk}
    history = as_(bob).get(f"{API}{chat}/messages/").json()["results"]
    assert history[1]["reply_to"]["text"] == "two"
    # The same text again changes nothing and is told to nobody.
    assert patch(alice, chat, seq, "two").json() == edited
    assert head_of(alice, chat) == 3
    # An edit is not activity, and what was read stays read.
    assert as_(bob).get(f"{API}{chat}/").json()["last_message"]["seq"] == 2
    patch(alice, chat, seq, " two ")
    assert list(Edit.objects.order_by("pk").values_list("text", flat=True)) == ["one", "two"]
    delete_for_everyone(alice.pk, chat, seq)
    assert not Edit.objects.exists()


def test_for_a_while_and_by_the_sender(
    alice: User, bob: User, carol: User, chat: str, settings: Any
) -> None:
    seq = post(alice, chat, "one").seq
    assert refusal(patch(bob, chat, seq, "two")) == (403, "not_the_sender")
    assert refusal(patch(carol, chat, seq, "two")) == (404, "chat_not_found")
    for odd in ("", "  ", "\u200b", "x" * 10_001, None, 5, "\0"):
        assert patch(alice, chat, seq, odd).status_code == 400
        assert refusal(patch(carol, chat, seq, odd)) == (404, "chat_not_found")
    assert refusal(as_(alice).patch(path_of(chat, 9), {"text": 1}, format="json")) == (
        404, "message_not_found"
    )  # fmt: skip
    poll = make_poll(alice, chat)
    assert refusal(patch(alice, chat, poll, "two")) == (400, "not_editable")
    # The admin of a group edits nobody else's words.
    group = bare_group(alice, bob)
    assert refusal(patch(alice, group, post(bob, group).seq, "two")) == (403, "not_the_sender")
    window = timedelta(seconds=settings.MESSAGE_EDIT_SECONDS)
    for age, expected in ((window - timedelta(minutes=1), 200), (window, 403)):
        Message.objects.filter(chat_id=chat, seq=seq).update(created_at=now() - age)
        assert patch(alice, chat, seq, f"{age}").status_code == expected
    assert refusal(patch(alice, chat, seq, "late")) == (403, "edit_window_over")
    assert refusal(patch(alice, chat, 999, "nothing")) == (404, "message_not_found")
    delete_for_everyone(alice.pk, chat, seq)
    assert refusal(patch(alice, chat, seq, "gone")) == (409, "message_deleted")


def test_where_one_may_not_write_one_may_not_edit(alice: User, bob: User, chat: str) -> None:
    seq = post(alice, chat, "one").seq
    remove_connection(user_id=alice.pk, other_id=bob.pk)
    assert refusal(patch(alice, chat, seq, "two")) == (403, "chat_closed")
    group = bare_group(alice, bob)
    seq = post(bob, group, "one").seq
    edit_message(bob.pk, group, seq, "two")
    group_row = Message.objects.get(chat_id=group).chat
    group_row.post = "admins"
    group_row.save()
    assert refusal(patch(bob, group, seq, "three")) == (403, "chat_read_only")
    assert as_(alice).get(path_of(group, seq)).json()["text"] == "two"


@pytest.mark.django_db(transaction=True)
def test_edits_at_once_keep_every_text_but_the_last(alice: User, bob: User, chat: str) -> None:
    seq = post(alice, chat, "0").seq
    answers = at_once([partial(edit_message, alice.pk, chat, seq, f"{n + 1}") for n in range(6)])
    assert not [one for one in answers if isinstance(one, AppError)]
    texts = {*Edit.objects.values_list("text", flat=True), Message.objects.get().text}
    assert texts == {str(n) for n in range(7)} and head_of(bob, chat) == 7
    last = max(answers, key=lambda one: one["seq"])
    assert last["message"]["text"] == Message.objects.get().text
