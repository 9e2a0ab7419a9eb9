"""Deleting: for everyone, so that nothing is left anywhere; or for oneself."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from chat.actions.edits import edit_message
from chat.actions.pins import pin
from chat.actions.polls import vote
from chat.actions.reactions import react
from chat.actions.removals import delete_for_everyone, delete_for_me
from chat.actions.stars import star
from chat.models import ChatEvent, Edit, Message, Reaction, Star, Vote
from chat.tests.acts import (
    API,
    bare_group,
    head_of,
    make_poll,
    mark,
    path_of,
    post,
    refusal,
    sync_once,
)
from connections.actions.people import remove_connection
from connections.tests.acts import as_
from core.clock import now
from realtime.tests.published import Published

pytestmark = pytest.mark.django_db


def remove(user: User, chat: str, seq: int, who: str = "everyone") -> Any:
    """Over HTTP."""
    return as_(user).delete(f"{path_of(chat, seq)}?for={who}")


@pytest.mark.django_db(transaction=True)
def test_what_is_deleted_for_everyone_is_nowhere_any_more(
    alice: User, bob: User, chat: str, published: Published
) -> None:
    held = sync_once(bob)
    seq = post(alice, chat, "canary", mentions="all").seq
    reply = post(bob, chat, "so", reply_to=seq).seq
    edit_message(alice.pk, chat, seq, "canary two")
    react(bob.pk, chat, seq, "👍")
    pin(bob.pk, chat, seq, True)
    star(bob.pk, chat, seq, True)
    published.take()
    assert remove(alice, chat, seq).status_code == 204
    (push,) = published.take("message:updated")
    assert (push.data["change"], push.to) == ("deleted", {alice.pk, bob.pk})
    gone = push.data["message"]
    assert gone["deleted_at"] and (gone["text"], gone["pinned"]) == (None, False)
    assert (gone["reactions"], gone["mentions"], gone["reply_to"]) == ([], [], None)
    # A later push of the reply quotes nothing.
    react(alice.pk, chat, reply, "👍")
    (push,) = published.take("message:updated")
    assert push.data["message"]["reply_to"] == {
        "seq": seq, "sender": str(alice.pk), "kind": "text", "text": None
    }  # fmt: skip
    answers = [
        as_(bob).get(path).content.decode()
        for path in (API, f"{API}{chat}/", f"{API}{chat}/messages/", path_of(chat, reply),
                     f"{API}{chat}/pins/", "/api/v1/starred/")
    ]  # fmt: skip
    answers.append(str(sync_once(bob, heads={chat: 0}, position=held["position"])))
    assert not [answer for answer in answers if "canary" in answer]
    for model in (Message, Edit, ChatEvent, Star):
        assert "canary" not in str(list(model._default_manager.values()))
    assert not Star.objects.exists() and not Edit.objects.exists()
    (left,) = Reaction.objects.all()
    assert left.seq == reply
    # Its place stays, and it is unread no more.
    shown = as_(bob).get(f"{API}{chat}/").json()
    assert (shown["unread"], shown["mentions"]) == (0, 0)


def test_nothing_more_can_be_done_to_it(alice: User, bob: User, chat: str) -> None:
    seq = make_poll(alice, chat)
    vote(bob.pk, chat, seq, [0])
    delete_for_everyone(alice.pk, chat, seq)
    assert not Vote.objects.exists()
    head = head_of(alice, chat)
    for user in (alice, bob):
        http, path = as_(user), partial_path(chat, seq)
        for answer in (
            http.patch(path(""), {"text": "x"}, format="json"),
            http.delete(path("") + "?for=everyone"),
            http.put(path("reaction"), {"emoji": "👍"}, format="json"),
            http.delete(path("reaction")),
            http.put(path("vote"), {"options": [0]}, format="json"),
            http.delete(path("vote")),
            http.post(path("close")),
            http.put(path("pin")),
            http.delete(path("pin")),
            http.put(path("star")),
            http.delete(path("star")),
            http.post(
                f"{API}forward/",
                {"from": [{"chat": chat, "seq": seq}], "to": [chat]},
                format="json",
            ),
        ):
            assert refusal(answer) == (409, "message_deleted"), answer.wsgi_request
    new = {"client_id": "r1", "text": "so", "reply_to": seq}
    answer = as_(bob).post(f"{API}{chat}/messages/", new, format="json")
    assert refusal(answer) == (404, "message_not_found")
    assert head_of(alice, chat) == head
    # Out of one's own sight it may still go.
    assert remove(bob, chat, seq, "me").status_code == 204
    assert as_(bob).get(f"{API}{chat}/messages/").json()["results"] == []


def partial_path(chat: str, seq: int) -> Any:
    """The paths of what may be done to a message."""
    return lambda act: path_of(chat, seq, act)


def test_who_may_delete_for_everyone(
    alice: User, bob: User, carol: User, chat: str, settings: Any
) -> None:
    seq = post(alice, chat).seq
    assert refusal(remove(bob, chat, seq)) == (403, "not_the_sender")
    assert refusal(remove(carol, chat, seq)) == (404, "chat_not_found")
    assert refusal(remove(carol, chat, seq, "x")) == (404, "chat_not_found")
    assert refusal(remove(alice, chat, seq, "x")) == (400, "invalid")
    assert refusal(remove(alice, chat, 99)) == (404, "message_not_found")
    # The window, where there is one; an admin has none over others.
    settings.MESSAGE_DELETE_SECONDS = 60
    group = bare_group(alice, bob, carol)
    of_bob, of_alice = post(bob, group).seq, post(alice, group).seq
    Message.objects.update(created_at=now() - timedelta(seconds=60))
    assert refusal(remove(alice, chat, seq)) == (403, "delete_window_over")
    assert refusal(remove(bob, group, of_bob)) == (403, "delete_window_over")
    assert refusal(remove(bob, group, of_alice)) == (403, "not_the_sender")
    assert remove(alice, group, of_bob).status_code == 204
    event = ChatEvent.objects.get(chat_id=group)
    assert (event.change, event.by_id, event.message_seq) == ("deleted", alice.pk, of_bob)
    settings.MESSAGE_DELETE_SECONDS = 0
    # What one has sent one may take back also where nothing can be written any more.
    remove_connection(user_id=alice.pk, other_id=bob.pk)
    assert remove(alice, chat, seq).status_code == 204
    # What the group itself says belongs to nobody.
    Message.objects.filter(chat_id=group, seq=of_alice).update(kind="system", sender=None)
    assert refusal(remove(alice, group, of_alice)) == (404, "message_not_found")
    assert remove(bob, group, of_alice, "me").status_code == 204


@pytest.mark.django_db(transaction=True)
def test_what_is_hidden_from_me_is_nowhere_for_me_and_stays_for_others(
    alice: User, bob: User, chat: str, published: Published
) -> None:
    held = sync_once(bob)
    first = post(alice, chat, "first").seq
    hidden = post(alice, chat, "canary", mentions="all").seq
    star(bob.pk, chat, hidden, True)
    pin(alice.pk, chat, hidden, True)
    before = sync_once(bob, **{name: held[name] for name in ("position", "marks", "epoch")})
    published.take()
    assert remove(bob, chat, hidden, "me").status_code == 204
    (push,) = published.take()
    assert (push.event, push.to) == ("message:hidden", {bob.pk})
    assert push.data["message_seq"] == hidden and push.data["position"] == before["position"] + 1
    assert refusal(remove(bob, chat, hidden, "me")) == (404, "message_not_found")
    # What happens to it is told to alice alone.
    edit_message(alice.pk, chat, hidden, "canary two")
    assert [push.to for push in published.take("message:updated")] == [{alice.pk}]
    shown = as_(bob).get(f"{API}{chat}/").json()
    assert (shown["last_message"]["seq"], shown["unread"], shown["mentions"]) == (first, 1, 0)
    answers = [
        as_(bob).get(path).content.decode()
        for path in (API, f"{API}{chat}/messages/", f"{API}{chat}/messages/?around={hidden}",
                     f"{API}{chat}/pins/", "/api/v1/starred/")
    ]  # fmt: skip
    synced = sync_once(bob, heads={chat: 0}, position=before["position"])
    assert [event["event"] for event in synced["events"]] == ["message:hidden", "chat:receive"]
    assert synced["heads"] == {chat: head_of(bob, chat)}
    assert not [answer for answer in [*answers, str(synced)] if "canary" in answer]
    for act, body in (("reaction", {"emoji": "👍"}), ("pin", {}), ("star", {})):
        answer = as_(bob).put(path_of(chat, hidden, act), body, format="json")
        assert refusal(answer) == (404, "message_not_found")
    # Marks go on over it; alice sees all as before.
    mark(bob, chat, "seen", hidden)
    history = as_(alice).get(f"{API}{chat}/messages/").json()["results"]
    assert [(one["text"], one["status"]) for one in history] == [
        ("first", "seen"), ("canary two", "seen")
    ]  # fmt: skip
    delete_for_me(alice.pk, chat, first)
    assert as_(alice).get(path_of(chat, first)).status_code == 404
