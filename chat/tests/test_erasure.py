"""What an erased person wrote goes; that they wrote stays."""

from typing import Any

import pytest
from django.apps import apps

from accounts.erasure import erase
from accounts.models import User
from chat.actions.pins import pin
from chat.actions.polls import vote
from chat.actions.reactions import react
from chat.actions.removals import delete_for_me
from chat.actions.stars import star
from chat.models import Hidden, Membership, Message, Reaction, Star, Vote
from chat.tests.acts import make_chat, make_poll, mark, names, post, sync_once
from connections.actions.people import remove_connection
from connections.tests.acts import as_, connect, told
from realtime.tests.published import Published

pytestmark = pytest.mark.django_db(transaction=True)

V1 = "/api/v1/"


def get(user: User, path: str) -> Any:
    """The answer of a GET."""
    answer = as_(user).get(f"{V1}{path}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_texts_go_and_their_places_stay(alice: User, bob: User, chat: str) -> None:
    post(alice, chat, "canary")
    post(bob, chat, "mine")
    post(alice, chat, "canary again")
    erase(alice.pk)
    first, mine, last = get(bob, f"chats/{chat}/messages/")["results"]
    for message, seq in ((first, 1), (last, 3)):
        assert (message["seq"], message["sender"]) == (seq, str(alice.pk))
        assert message["text"] is None and message["deleted_at"].endswith("Z")
    assert (mine["text"], mine["deleted_at"], mine["status"]) == ("mine", None, "sent")
    shown = get(bob, f"chats/{chat}/")
    assert shown["name"] == "Deleted account"
    assert shown["last_message"]["text"] is None and shown["last_message"]["deleted_at"]
    answer = sync_once(bob, heads={chat: 0})
    texts = [e["data"]["message"]["text"] for e in answer["events"] if "message" in e["data"]]
    assert texts == [None, "mine", None]


def test_deleted_messages_are_not_unread(alice: User, bob: User, chat: str) -> None:
    post(alice, chat, "one")
    post(alice, chat, "two")
    assert get(bob, f"chats/{chat}/")["unread"] == 2
    erase(alice.pk)
    assert get(bob, f"chats/{chat}/")["unread"] == 0


def test_who_only_shares_a_chat_is_told(
    alice: User, bob: User, carol: User, chat: str, published: Published
) -> None:
    remove_connection(user_id=alice.pk, other_id=bob.pk)
    published.take()
    erase(alice.pk)
    (push,) = published.take("user:erased")
    assert push.to == {bob.pk}
    assert told(carol) == []


def test_what_only_the_person_knew_goes_and_what_others_counted_on_stays(
    alice: User, bob: User, chat: str
) -> None:
    poll = make_poll(alice, chat)
    other = post(alice, chat, "other").seq
    vote(bob.pk, chat, poll, [1])
    react(bob.pk, chat, poll, "👍")
    star(bob.pk, chat, poll, True)
    delete_for_me(bob.pk, chat, other)
    Membership.objects.filter(user=bob).update(draft="canary")
    pin(alice.pk, chat, other, True)
    erase(bob.pk)
    assert not Star.objects.exists() and not Hidden.objects.exists()
    assert not Membership.objects.exclude(draft="").exists()
    message = get(alice, f"chats/{chat}/messages/{poll}/")
    assert message["reactions"][0]["users"] == [str(bob.pk)]
    assert [one["users"] for one in message["content"]["votes"]] == [[], [str(bob.pk)]]
    users = get(alice, f"chats/{chat}/messages/")["users"]
    assert users[str(bob.pk)]["name"] == "Deleted account"
    # A poll of theirs goes with its votes, and no longer stands at the top.
    assert get(alice, f"chats/{chat}/pins/")["results"][0]["seq"] == other
    erase(alice.pk)
    assert not Vote.objects.exists() and not Reaction.objects.exists()
    assert not Message.objects.exclude(pinned_at=None).exists()


def test_nothing_anywhere_names_an_erased_person(alice: User, bob: User) -> None:
    User.objects.filter(pk=alice.pk).update(name="Canary", about="canary")
    remove_connection(user_id=alice.pk, other_id=bob.pk)
    connect(alice, bob)
    chat = make_chat(bob, alice)
    post(alice, chat, "canary")
    mark(bob, chat, "seen", 1)
    erase(alice.pk)
    for model in apps.get_models():
        rows = str(list(model._default_manager.values())).lower()
        assert "canary" not in rows and "'alice'" not in rows and '"alice"' not in rows, model
    assert Message.objects.get().digest is None
    answer = sync_once(bob)
    assert "connection:accepted" in names(answer["events"])
    assert "canary" not in str(answer).lower()
