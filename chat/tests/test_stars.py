"""Stars: what a person keeps at hand, and nobody else knows of."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from accounts.erasure import erase
from accounts.log import head
from accounts.models import User
from accounts.tests.acts import clear_erased
from chat.actions.removals import delete_for_everyone, delete_for_me
from chat.actions.stars import star
from chat.models import Membership, Message, Star
from chat.tests.acts import API, bare_group, head_of, make_chat, path_of, post, refusal
from connections.tests.acts import as_, at_once, connect
from core.clock import now
from realtime.tests.published import Published

pytestmark = pytest.mark.django_db

STARRED = "/api/v1/starred/"


def starred(user: User) -> list[str]:
    """The ids of what the user finds starred."""
    rows = as_(user).get(STARRED).json()["results"]
    assert all(row["message"]["starred"] and row["chat"] == row["message"]["chat"] for row in rows)
    return [row["message"]["id"] for row in rows]


def test_only_the_own_devices_hear_and_no_place_is_taken(
    alice: User,
    bob: User,
    carol: User,
    chat: str,
    published: Published,
    django_capture_on_commit_callbacks: Any,
) -> None:
    post(alice, chat)
    before = head(bob.pk)
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            answer = as_(bob).put(path_of(chat, 1, "star"))
            assert answer.status_code == 200 and answer.json()["starred"]
    (push,) = published.take()
    assert (push.event, push.to) == ("message:starred", {bob.pk})
    assert push.data == {"chat": chat, "message_seq": 1, "starred": True}
    assert head_of(alice, chat) == 1 and head(bob.pk) == before
    assert not as_(alice).get(path_of(chat, 1)).json()["starred"]
    for path in ("/api/v1/chats/", f"{API}{chat}/messages/"):
        (one,) = as_(bob).get(path).json()["results"]
        assert one.get("last_message", one)["starred"]
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            assert as_(bob).delete(path_of(chat, 1, "star")).status_code == 204
    (push,) = published.take()
    assert push.data["starred"] is False and starred(bob) == []
    for call in (as_(carol).put, as_(carol).delete):
        assert refusal(call(path_of(chat, 1, "star"))) == (404, "chat_not_found")
        assert refusal(call(path_of(chat, 9, "star"))) == (404, "chat_not_found")
    assert refusal(as_(bob).put(path_of(chat, 9, "star"))) == (404, "message_not_found")


def test_the_list_is_over_all_chats_the_newest_star_first(
    alice: User, bob: User, carol: User, chat: str, django_assert_num_queries: Any
) -> None:
    connect(alice, carol)
    other, group = make_chat(alice, carol), bare_group(alice, bob, carol)
    places: list[str] = []
    for n in range(7):
        place = (chat, other, group)[n % 3]
        seq = post(alice if n % 2 else (bob, carol, carol)[n % 3], place).seq
        places.insert(0, f"{place}-{seq}")
        star(alice.pk, place, seq, True)
    # Session, stars, messages (two), tallies, people, marks (two), own stars.
    client = as_(alice)
    with django_assert_num_queries(8):
        answer = client.get(STARRED).json()
    assert [row["message"]["id"] for row in answer["results"]] == places
    assert answer["next"] is None
    assert answer["users"].keys() == {str(one.pk) for one in (alice, bob, carol)}
    assert {row["message"]["status"] for row in answer["results"]} == {None, "sent"}
    walked, cursor = [], ""
    while cursor is not None:
        page = as_(alice).get(f"{STARRED}?limit=3&cursor={cursor}").json()
        walked += [row["message"]["id"] for row in page["results"]]
        cursor = page["next"]
    assert walked == places
    for odd in ("cursor=x", "cursor=WzEsMl0", "limit=0"):
        assert as_(alice).get(f"{STARRED}?{odd}").status_code == 400
    assert starred(bob) == []


def test_what_may_not_be_seen_any_more_is_not_listed(alice: User, bob: User, chat: str) -> None:
    group = bare_group(alice, bob)
    for place in (chat, group):
        for _ in range(6):
            star(bob.pk, place, post(alice, place).seq, True)
    delete_for_everyone(alice.pk, chat, 1)
    delete_for_me(bob.pk, chat, 2)
    Message.objects.filter(chat_id=chat, seq=3).update(expires_at=now() - timedelta(seconds=1))
    Membership.objects.filter(chat_id=chat, user=bob).update(start=4)
    assert refusal(as_(bob).put(path_of(chat, 1, "star"))) == (404, "message_not_found")
    assert starred(bob)[-2:] == [f"{chat}-6", f"{chat}-5"]
    # Who was removed has the stars no more, and has them again when let in to what they saw.
    away = Membership.objects.get(chat_id=group, user=bob)
    away.delete()
    assert starred(bob) == [f"{chat}-6", f"{chat}-5"]
    Membership.objects.create(chat_id=group, user=bob, start=5)
    assert starred(bob) == [f"{group}-6", f"{chat}-6", f"{chat}-5"]
    assert as_(bob).get(f"{STARRED}?limit=2").json()["next"]


def test_they_go_with_the_person(alice: User, bob: User, chat: str) -> None:
    star(bob.pk, chat, post(alice, chat).seq, True)
    star(alice.pk, chat, post(bob, chat).seq, True)
    delete_for_me(bob.pk, chat, post(alice, chat).seq)
    erase(bob.pk)
    clear_erased()
    # Bob's message is gone, and alice's star with it.
    assert not Star.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_no_star_is_put_on_what_is_being_deleted(alice: User, bob: User, chat: str) -> None:
    for _ in range(5):
        seq = post(alice, chat).seq
        acts = [partial(star, bob.pk, chat, seq, True)] * 2
        at_once([*acts, partial(delete_for_everyone, alice.pk, chat, seq)])
        assert starred(bob) == [] and not Star.objects.exists()
