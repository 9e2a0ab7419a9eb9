"""Polls: votes, and when they end."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from accounts.models import User
from chat.actions.polls import vote
from chat.models import ChatEvent, Message, Vote
from chat.tests.acts import bare_group, head_of, make_poll, path_of, post, refusal
from connections.actions.people import remove_connection
from connections.tests.acts import as_, at_once, connect
from core.clock import now, rfc3339
from core.errors import AppError
from realtime.tests.published import Published

pytestmark = pytest.mark.django_db


def put_vote(user: User, chat: str, seq: int, options: Any) -> Any:
    """Over HTTP."""
    return as_(user).put(path_of(chat, seq, "vote"), {"options": options}, format="json")


def tally(message: Any) -> list[tuple[int, list[str], bool | None]]:
    """Count, people and whether the viewer is among them, by option."""
    votes = message["content"]["votes"]
    return [(one["count"], one["users"], one.get("mine")) for one in votes]


def test_a_choice_replaces_the_one_before_and_is_taken_back(
    alice: User,
    bob: User,
    chat: str,
    published: Published,
    django_capture_on_commit_callbacks: Any,
) -> None:
    me, other = str(bob.pk), str(alice.pk)
    poll = make_poll(alice, chat)
    with django_capture_on_commit_callbacks(execute=True):
        assert tally(put_vote(bob, chat, poll, [0]).json()) == [(1, [me], True), (0, [], False)]
    (push,) = published.take("message:updated")
    assert (push.data["change"], push.data["by"], push.data["seq"]) == ("voted", me, poll + 1)
    assert push.to == {alice.pk, bob.pk}
    assert tally(push.data["message"]) == [(1, [me], None), (0, [], None)]
    vote(alice.pk, chat, poll, [1])
    answer = put_vote(bob, chat, poll, [1])
    assert tally(answer.json()) == [(0, [], False), (2, [other, me], True)]
    # The same again changes nothing, and takes no place.
    head = head_of(bob, chat)
    assert tally(put_vote(bob, chat, poll, [1, 1]).json()) == tally(answer.json())
    assert head_of(bob, chat) == head
    assert as_(bob).delete(path_of(chat, poll, "vote")).status_code == 204
    assert as_(bob).delete(path_of(chat, poll, "vote")).status_code == 204
    assert tally(as_(alice).get(path_of(chat, poll)).json()) == [(0, [], False), (1, [other], True)]
    assert put_vote(alice, chat, poll, []).status_code == 200
    assert not Vote.objects.exists()
    assert ChatEvent.objects.filter(change="voted").count() == head_of(bob, chat) - poll


def test_several_options_where_the_poll_allows_them(alice: User, bob: User, chat: str) -> None:
    poll = make_poll(alice, chat, "a", "b", "c", multiple=True)
    put_vote(bob, chat, poll, [2, 0])
    answer = put_vote(bob, chat, poll, [0, 1]).json()
    assert [count for count, *_ in tally(answer)] == [1, 1, 0]
    one_only = make_poll(alice, chat)
    assert refusal(put_vote(bob, chat, one_only, [0, 1])) == (400, "one_option_only")


def test_the_first_five_are_named(alice: User) -> None:
    people = [User.objects.create_user(f"person{n}") for n in range(7)]
    group = bare_group(alice, *people)
    poll = make_poll(alice, group)
    for person in people:
        vote(person.pk, group, poll, [1])
    (_, (count, users, mine)) = tally(as_(people[6]).get(path_of(group, poll)).json())
    assert (count, users, mine) == (7, [str(one.pk) for one in people[:5]], True)


def test_what_is_no_vote_is_refused(
    alice: User, bob: User, carol: User, dave: User, chat: str
) -> None:
    poll, text = make_poll(alice, chat), post(alice, chat).seq
    odd: Any
    for odd in ([2], [-1], [0, 2], [2**63], [2**70]):
        assert refusal(put_vote(bob, chat, poll, odd)) == (400, "option_unknown")
    for odd in (["0"], [0.5], [True], 0, None, "0", [None], {}):
        assert refusal(put_vote(bob, chat, poll, odd)) == (400, "invalid")
        for stranger in (carol, dave):
            assert refusal(put_vote(stranger, chat, poll, odd)) == (404, "chat_not_found")
    assert refusal(put_vote(bob, chat, text, [0])) == (400, "not_a_poll")
    assert refusal(put_vote(bob, chat, 99, [0])) == (404, "message_not_found")
    assert refusal(as_(bob).post(path_of(chat, text, "close"))) == (400, "not_a_poll")
    remove_connection(user_id=alice.pk, other_id=bob.pk)
    assert refusal(put_vote(bob, chat, poll, [0])) == (403, "chat_closed")
    assert refusal(as_(alice).post(path_of(chat, poll, "close"))) == (403, "chat_closed")
    assert not Vote.objects.exists()


def test_a_poll_ends_with_its_time(alice: User, bob: User, chat: str) -> None:
    closing = rfc3339(now() + timedelta(hours=1))
    poll = make_poll(alice, chat, closes_at=closing)
    assert put_vote(bob, chat, poll, [0]).json()["content"]["closes_at"] == closing
    message = Message.objects.get(seq=poll)
    message.content["closes_at"] = rfc3339(now() - timedelta(milliseconds=1))  # type: ignore[index]
    message.save()
    for refused in (
        put_vote(bob, chat, poll, [1]),
        as_(bob).delete(path_of(chat, poll, "vote")),
        as_(alice).post(path_of(chat, poll, "close")),
    ):
        assert refusal(refused) == (409, "poll_closed")
    assert Vote.objects.get().option == 0


def test_a_poll_is_closed_by_its_sender_or_an_admin(
    alice: User,
    bob: User,
    carol: User,
    published: Published,
    django_capture_on_commit_callbacks: Any,
) -> None:
    group = bare_group(alice, bob, carol, post="admins")
    # In a group where only admins write the others still vote.
    poll = make_poll(alice, group)
    assert put_vote(bob, group, poll, [1]).status_code == 200
    assert refusal(as_(bob).post(path_of(group, poll, "close"))) == (403, "not_the_sender")
    with django_capture_on_commit_callbacks(execute=True):
        closed = as_(alice).post(path_of(group, poll, "close"))
    assert closed.status_code == 200 and closed.json()["content"]["closes_at"] <= rfc3339(now())
    assert [count for count, *_ in tally(closed.json())] == [0, 1]
    (push,) = published.take("message:updated")
    assert push.data["change"] == "voted" and push.audience is not None
    assert push.data["message"]["content"]["closes_at"] == closed.json()["content"]["closes_at"]
    assert refusal(put_vote(carol, group, poll, [0])) == (409, "poll_closed")
    assert refusal(as_(alice).post(path_of(group, poll, "close"))) == (409, "poll_closed")
    others = bare_group(alice, bob)
    assert as_(alice).post(path_of(others, make_poll(bob, others), "close")).status_code == 200
    assert as_(bob).post(path_of(others, make_poll(bob, others), "close")).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_of_many_votes_of_one_person_at_once_one_stands(alice: User, bob: User, chat: str) -> None:
    poll = make_poll(alice, chat, "a", "b", "c")
    answers = at_once([partial(vote, bob.pk, chat, poll, [n % 3]) for n in range(8)])
    assert not [one for one in answers if isinstance(one, Exception)]
    assert Vote.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_after_the_close_nothing_is_counted(alice: User, bob: User, chat: str) -> None:
    for _ in range(5):
        poll = make_poll(alice, chat)
        close = partial(as_(alice).post, path_of(chat, poll, "close"))
        closed, voted = at_once([close, partial(vote, bob.pk, chat, poll, [0])])
        counted = tally(as_(alice).get(path_of(chat, poll)).json())[0][0]
        assert closed.status_code == 200
        assert counted == (not isinstance(voted, AppError))


def test_the_chat_list_shows_the_votes(alice: User, bob: User, chat: str) -> None:
    poll = make_poll(alice, chat)
    vote(bob.pk, chat, poll, [1])
    (listed,) = as_(bob).get("/api/v1/chats/").json()["results"]
    assert [count for count, *_ in tally(listed["last_message"])] == [0, 1]


def test_people_who_only_voted_are_named(alice: User, bob: User, carol: User) -> None:
    connect(alice, carol)
    group = bare_group(alice, bob, carol)
    poll = make_poll(alice, group)
    vote(carol.pk, group, poll, [0])
    page = as_(bob).get(f"/api/v1/chats/{group}/messages/").json()
    assert page["users"].keys() == {str(alice.pk), str(carol.pk)}
