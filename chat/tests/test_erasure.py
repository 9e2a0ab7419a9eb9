"""What an erased person wrote goes; that they wrote stays."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.apps import apps

from accounts.erasure import erase
from accounts.models import User
from accounts.tests.acts import clear_erased
from chat.actions.forwards import forward
from chat.actions.invites import join, make_invite
from chat.actions.members import add_members, remove_member
from chat.actions.pins import pin
from chat.actions.polls import vote
from chat.actions.reactions import react
from chat.actions.removals import delete_for_me
from chat.actions.stars import star
from chat.invites import token_of
from chat.models import Hidden, JoinRequest, Membership, Message, Reaction, Star, Vote
from chat.schemas.forwards import Forward, Source
from chat.schemas.invites import NewInvite
from chat.tests.acts import fill, make_chat, make_group, make_poll, mark, names, post, sync_once
from chat.tests.group_acts import actions_in, check_group, roles_in
from chat.unseen import news_of
from connections.actions.people import remove_connection
from connections.tests.acts import as_, at_once, connect, make_person, told
from core.clock import now
from core.errors import AppError
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
    post(bob, chat, "mine", reply_to=1)
    post(alice, chat, "canary again")
    erase(alice.pk)
    # At once, and when all is removed.
    for _ in range(2):
        look(alice, bob, chat)
        clear_erased()
    assert not Message.objects.filter(sender=alice).exclude(text="").exists()


def look(alice: User, bob: User, chat: str) -> None:
    """What bob finds of alice's."""
    first, mine, last = get(bob, f"chats/{chat}/messages/")["results"]
    for message, seq in ((first, 1), (last, 3)):
        assert (message["seq"], message["sender"]) == (seq, str(alice.pk))
        assert message["text"] is None and message["deleted_at"].endswith("Z")
    assert (mine["text"], mine["deleted_at"], mine["status"]) == ("mine", None, "sent")
    assert mine["reply_to"]["text"] is None
    shown = get(bob, f"chats/{chat}/")
    assert shown["name"] == "Deleted account"
    assert shown["last_message"]["text"] is None and shown["last_message"]["deleted_at"]
    answer = sync_once(bob, heads={chat: 0})
    texts = [e["data"]["message"]["text"] for e in answer["events"] if "message" in e["data"]]
    assert texts == [None, "mine", None]


def test_nobody_is_pushed_what_an_erased_person_wrote(alice: User, bob: User, group: str) -> None:
    start = {alice.pk: now()}
    post(alice, group, "mine")
    erin = make_person("erin")
    connect(erin, alice)
    add_members(alice.pk, group, [str(erin.pk)], "user")
    post(erin, group, "hello")
    post(bob, group, "canary")
    assert news_of(start, None)[alice.pk].text == "canary"
    erase(bob.pk)
    assert news_of(start, None)[alice.pk].text == "hello"
    erase(erin.pk)
    assert news_of(start, None) == {}


def test_deleted_messages_are_not_unread(alice: User, bob: User, chat: str) -> None:
    post(alice, chat, "one")
    post(alice, chat, "two")
    assert get(bob, f"chats/{chat}/")["unread"] == 2
    erase(alice.pk)
    clear_erased()
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
    clear_erased()
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
    clear_erased()
    assert not Vote.objects.exists() and not Reaction.objects.exists()
    assert not Message.objects.exclude(pinned_at=None).exists()


def test_groups_are_left_and_passed_on(
    alice: User, bob: User, carol: User, erin: User, published: Published
) -> None:
    group, alone = make_group(alice, bob, erin), make_group(alice)
    post(alice, group, "canary")
    token = token_of(make_invite(alice.pk, group, NewInvite()).pk)
    of_bob = make_group(bob)
    join(alice.pk, token_of(make_invite(bob.pk, of_bob, NewInvite(approval=True)).pk))
    join(carol.pk, token_of(make_invite(alice.pk, alone, NewInvite(approval=True)).pk))
    published.take()
    erase(alice.pk)
    for one in (group, alone):
        check_group(one)
    assert roles_in(group) == {bob.pk: "owner", erin.pk: "member"}
    assert actions_in(group)[-2:] == [("left", [str(alice.pk)]), ("owner", [str(bob.pk)])]
    assert (actions_in(alone), roles_in(alone)) == ([("created", [])], {})
    assert get(bob, f"chats/{of_bob}/join-requests/")["results"] == []
    with pytest.raises(AppError) as refused:
        join(carol.pk, token)
    assert refused.value.code == "invite_gone"
    assert told(carol)[-2][0] == "join:decided"  # the group that carol asked for has ended
    pushes = published.take("user:erased")
    assert {user for push in pushes for user in push.to} == {bob.pk, erin.pk, carol.pk}
    assert get(erin, f"chats/{group}/messages/")["results"][1]["text"] is None


def test_who_is_erased_is_added_nowhere_in_the_meantime(alice: User, bob: User) -> None:
    for n in range(6):
        zoe = make_person(f"zoe{n}")
        connect(zoe, alice)
        groups = [make_group(alice, bob, zoe), make_group(alice, bob)]
        asking = token_of(make_invite(alice.pk, groups[1], NewInvite(approval=True)).pk)
        acts: list[Callable[[], Any]] = [
            partial(erase, zoe.pk),
            partial(add_members, alice.pk, groups[1], [str(zoe.pk)], "user"),
            partial(remove_member, alice.pk, groups[0], str(zoe.pk)),
            partial(join, zoe.pk, asking),
        ]
        for answer in at_once([*acts, acts[1]]):
            assert not isinstance(answer, Exception) or isinstance(answer, AppError), answer
        assert not Membership.objects.filter(user=zoe).exists()
        assert not JoinRequest.objects.filter(user=zoe).exists()
        for group in groups:
            check_group(group)


def test_nothing_anywhere_names_an_erased_person(alice: User, bob: User) -> None:
    User.objects.filter(pk=alice.pk).update(name="Canary", about="canary")
    remove_connection(user_id=alice.pk, other_id=bob.pk)
    connect(alice, bob)
    chat = make_chat(bob, alice)
    post(alice, chat, "canary")
    mark(bob, chat, "seen", 1)
    erase(alice.pk)
    clear_erased()
    for model in apps.get_models():
        rows = str(list(model._default_manager.values())).lower()
        assert "canary" not in rows and "'alice'" not in rows and '"alice"' not in rows, model
    assert Message.objects.get().digest is None
    answer = sync_once(bob)
    assert "connection:accepted" in names(answer["events"])
    assert "canary" not in str(answer).lower()


def test_what_stands_in_the_list_is_hidden_at_once(alice: User, bob: User, chat: str) -> None:
    seq = post(alice, chat, "canary").seq
    post(bob, chat, "an answer", reply_to=seq)
    other = make_poll(alice, chat)
    pin(bob.pk, chat, seq, True)
    star(bob.pk, chat, seq, True)
    erase(alice.pk)
    assert Message.objects.filter(text="canary").exists()
    for path in ("chats/", f"chats/{chat}/pins/", "starred/", f"chats/{chat}/messages/{seq}/"):
        assert "canary" not in str(get(bob, path)), path
    shown = get(bob, f"chats/{chat}/")["last_message"]
    assert (shown["seq"], shown["content"], shown["text"]) == (other, None, None)
    Message.objects.filter(seq=other).delete()
    quoting = get(bob, f"chats/{chat}/")["last_message"]
    assert quoting["reply_to"]["seq"] == seq and quoting["reply_to"]["text"] is None
    for act in (
        partial(react, bob.pk, chat, seq, "👍"),
        partial(forward, bob.pk, Forward(from_=(Source(chat=chat, seq=seq),), to=(chat,))),
    ):
        with pytest.raises(AppError) as refused:
            act()
        assert refused.value.code == "message_deleted"


def test_a_long_history_goes_in_batches(alice: User, bob: User, chat: str, settings: Any) -> None:
    settings.EXPIRE_BATCH_ROWS = 7
    fill(chat, alice, 30)
    erase(alice.pk)
    clear_erased()
    gone = Message.objects.filter(sender=alice)
    assert gone.count() == 30
    assert not gone.exclude(text="", digest=None, client_id=None).exists()
    # What was on its way arrives, and goes too.
    Message.objects.create(
        chat_id=chat, seq=31, sender=alice, client_id="late", text="canary", created_at=now()
    )
    clear_erased()
    assert not gone.exclude(text="").exists()


def test_removing_and_acting_at_once(alice: User, bob: User, chat: str) -> None:
    for n in range(8):
        seq = post(alice, chat, f"canary {n}").seq
        react(bob.pk, chat, seq, "👍")
    erase(alice.pk)
    places = Message.objects.filter(sender=alice).values_list("seq", flat=True)
    acts = [partial(delete_for_me, bob.pk, chat, seq) for seq in places[:4]]
    answers = at_once([clear_erased, clear_erased, *acts])
    assert [one for one in answers if isinstance(one, Exception)] == []
    assert not Message.objects.exclude(text="").exists() and not Reaction.objects.exists()
