"""Passing messages on: all or none, once, and not without end."""

from functools import partial
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import User
from chat.actions.forwards import forward
from chat.actions.polls import close_poll, vote
from chat.actions.reactions import react
from chat.actions.removals import delete_for_everyone, delete_for_me
from chat.models import Message
from chat.schemas.forwards import Forward, Source
from chat.tests.acts import (
    API,
    bare_group,
    head_of,
    make_chat,
    make_poll,
    path_of,
    post,
    refusal,
    seqs_of,
)
from connections.actions.people import remove_connection
from connections.tests.acts import as_, at_once, connect
from realtime.tests.published import Published

pytestmark = pytest.mark.django_db


def send(user: User, sources: list[tuple[str, int]], to: list[str], **more: Any) -> Any:
    """Over HTTP."""
    named = [{"chat": chat, "seq": seq} for chat, seq in sources]
    return as_(user).post(f"{API}forward/", {"from": named, "to": to, **more}, format="json")


@pytest.fixture
def other(bob: User, carol: User) -> str:
    """The direct chat of bob and carol."""
    connect(bob, carol)
    return make_chat(bob, carol)


def test_each_message_goes_to_each_chat_and_leaves_the_rest_behind(
    alice: User,
    bob: User,
    carol: User,
    chat: str,
    other: str,
    published: Published,
    django_capture_on_commit_callbacks: Any,
) -> None:
    first = post(alice, chat, "look", mentions=[str(bob.pk)]).seq
    second = post(alice, chat, "at this", reply_to=first).seq
    place = {"lat": 1.5, "lon": 2.0, "name": "home"}
    third = post(alice, chat, "", kind="location", content=place).seq
    react(bob.pk, chat, second, "👍")
    group = bare_group(bob, carol)
    published.take()
    with django_capture_on_commit_callbacks(execute=True):
        answer = send(bob, [(chat, second), (chat, first), (chat, third)], [group, other])
    assert answer.status_code == 201
    results = answer.json()["results"]
    assert [(one["chat"], one["seq"], one["text"]) for one in results] == [
        (place, seq, text)
        for place in (group, other)
        for seq, text in ((1, "at this"), (2, "look"), (3, ""))
    ]
    for one in results:
        assert one["sender"] == str(bob.pk) and one["status"] == "sent"
        assert one["forwarded"] and not one["forwarded_often"]
        assert (one["reply_to"], one["mentions"], one["reactions"]) == (None, [], [])
    assert results[2]["content"] == place and results[2]["kind"] == "location"
    assert answer.json()["users"].keys() == {str(bob.pk)}
    pushes = published.take()
    assert [push.event for push in pushes] == ["chat:receive"] * 6
    assert {push.data["message"]["forwarded"] for push in pushes} == {True}
    assert as_(carol).get(f"{API}{other}/").json()["unread"] == 3
    assert not as_(bob).get(path_of(chat, first)).json()["forwarded"]


def test_what_was_passed_on_often_goes_to_one_chat_at_a_time(
    alice: User, bob: User, chat: str, settings: Any
) -> None:
    group = bare_group(alice, bob)
    seq = post(alice, chat).seq
    for _ in range(settings.FORWARDS_OFTEN):
        assert send(bob, [(chat, seq)], [chat, group]).status_code == 201
        seq = Message.objects.filter(chat_id=chat).latest("seq").seq
    assert as_(bob).get(path_of(chat, seq)).json()["forwarded_often"]
    heads = head_of(bob, chat), head_of(bob, group)
    assert refusal(send(bob, [(chat, 1), (chat, seq)], [chat, group])) == (403, "forwarded_often")
    assert (head_of(bob, chat), head_of(bob, group)) == heads
    assert send(bob, [(chat, 1), (chat, seq)], [group, group]).status_code == 201
    # The count has an end, so that it never stands in the way.
    Message.objects.filter(chat_id=chat, seq=seq).update(forwards=32_767)
    assert send(bob, [(chat, seq)], [group]).status_code == 201


def test_a_poll_goes_on_empty_and_a_contact_with_a_name(
    alice: User, bob: User, carol: User, chat: str, other: str, published: Published,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    poll = make_poll(alice, chat)
    vote(bob.pk, chat, poll, [0])
    content = {"user": str(bob.pk)}
    spelt = {"user": f"0{bob.pk}"}  # what is kept names people as everything else does
    contact = post(alice, chat, "", kind="contact", content=spelt).seq
    with django_capture_on_commit_callbacks(execute=True):
        answer = send(bob, [(chat, poll), (chat, contact)], [other]).json()["results"]
    assert [one["count"] for one in answer[0]["content"]["votes"]] == [0, 0]
    assert answer[1]["content"] == content
    assert published.take()[-1].data["users"].keys() == {str(bob.pk)}
    vote(carol.pk, other, answer[0]["seq"], [1])
    close_poll(alice.pk, chat, poll)
    assert refusal(send(bob, [(chat, poll)], [other])) == (409, "poll_closed")


def test_all_or_none(
    alice: User, bob: User, carol: User, dave: User, chat: str, other: str
) -> None:
    seq, gone = post(alice, chat).seq, post(alice, chat).seq
    hidden, poll = post(alice, chat).seq, make_poll(alice, chat)
    delete_for_everyone(alice.pk, chat, gone)
    delete_for_me(bob.pk, chat, hidden)
    closed = make_chat(bob, alice)
    connect(bob, dave)
    closed = make_chat(bob, dave)
    remove_connection(user_id=bob.pk, other_id=dave.pk)
    read_only = bare_group(alice, bob, post="admins")
    good = [(chat, seq), (chat, poll)]
    strange = bare_group(alice, carol)
    for sources, to, expected in [
        (good, [other, strange], (404, "chat_not_found")),
        (good, [other, "x"], (404, "chat_not_found")),
        ([*good, (strange, 1)], [other], (404, "message_not_found")),
        ([*good, (chat, hidden)], [other], (404, "message_not_found")),
        ([*good, (chat, 99)], [other], (404, "message_not_found")),
        ([*good, ("x", 1)], [other], (404, "chat_not_found")),
        ([*good, (chat, gone)], [other], (409, "message_deleted")),
        (good, [other, closed], (403, "chat_closed")),
        (good, [other, read_only], (403, "chat_read_only")),
        (good, [], (400, "invalid")),
        ([], [other], (400, "invalid")),
        ([(chat, seq)] * 31, [other], (400, "invalid")),
        (good, [other] * 6, (400, "invalid")),
        ([(chat, -1)], [other], (400, "invalid")),
    ]:
        assert refusal(send(bob, sources, to)) == expected, (sources, to)
    odd: Any
    for odd in ({"from": 1, "to": [other]}, {"to": [other]}, {"from": [{}], "to": [other]}, []):
        assert as_(bob).post(f"{API}forward/", odd, format="json").status_code == 400
    assert seqs_of(other) == seqs_of(read_only) == seqs_of(closed) == []
    Message.objects.filter(chat_id=chat, seq=seq).update(kind="call", content={"call": "1"})
    assert refusal(send(bob, [(chat, seq)], [other])) == (400, "not_forwardable")
    # What the chat itself says belongs to nobody.
    Message.objects.filter(chat_id=chat, seq=seq).update(kind="system", sender=None)
    assert refusal(send(bob, [(chat, seq)], [other])) == (404, "message_not_found")


def test_a_repeat_is_answered_as_before(alice: User, bob: User, chat: str, other: str) -> None:
    seq, later = post(alice, chat, "one").seq, post(alice, chat, "two").seq
    sources = [(chat, seq), (chat, later)]
    first = send(bob, sources, [other, chat], client_id="once")
    # Whatever has become of it since.
    delete_for_everyone(alice.pk, chat, seq)
    again = send(bob, sources, [other, chat], client_id="once")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert len(seqs_of(other)) == 2
    for sources_, to in [
        (sources, [other]),
        (sources[1:], [other, chat]),
        (sources, [chat, other]),
    ]:
        answer = send(bob, sources_, to, client_id="once")
        assert refusal(answer) == (409, "client_id_reused")
    # Another person's client_ids are their own, and so is none.
    assert send(alice, [(chat, later)], [chat], client_id="once").status_code == 201
    assert send(bob, [(chat, later)], [other]).status_code == 201
    assert send(bob, [(chat, later)], [other]).status_code == 201
    assert refusal(send(bob, [(chat, later)], [other], client_id="a b")) == (400, "invalid")


def test_a_preview_is_made_anew_where_the_first_sender_wished_for_one(
    alice: User, bob: User, chat: str, other: str, django_capture_on_commit_callbacks: Any
) -> None:
    text = "see https://example.com/a"
    shown, plain = post(alice, chat, text).seq, post(alice, chat, text, preview=False).seq
    Message.objects.filter(chat_id=chat, seq=shown).update(preview={"title": "A"})
    before = jobs()
    with django_capture_on_commit_callbacks(execute=True):
        places = send(bob, [(chat, plain), (chat, shown)], [other]).json()["results"]
    new = [job.args for job in jobs()[len(before) :]]
    assert [(job["chat_id"], job["seq"]) for job in new] == [(int(other), places[1]["seq"])]


def jobs() -> list[ProcrastinateJob]:
    """The previews that were asked for."""
    return list(ProcrastinateJob.objects.filter(task_name="chat.preview").order_by("id"))


def test_forwards_count_as_messages_sent(
    alice: User, bob: User, chat: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chat.actions import messages
    from core.limits import Buckets

    seq = post(alice, chat).seq
    monkeypatch.setattr(messages, "_sends", Buckets(4, 0.001))
    group = bare_group(alice, bob)
    settings.RATE_LIMITS = True
    assert send(bob, [(chat, seq)], [chat, group]).status_code == 201
    assert send(bob, [(chat, 1), (chat, 2)], [chat, group]).status_code == 429


@pytest.mark.django_db(transaction=True)
def test_forwards_at_once_write_once_and_lock_in_one_order(
    alice: User, bob: User, chat: str
) -> None:
    group = bare_group(alice, bob)
    source = Source(chat=chat, seq=post(alice, chat).seq)
    once = [
        partial(forward, bob.pk, Forward(from_=(source,), to=(chat, group), client_id="once"))
        for _ in range(4)
    ]
    # Both orders of the chats, beside each other.
    many = [
        partial(forward, user.pk, Forward(from_=(source,), to=to))
        for user, to in ((alice, (group, chat)), (bob, (chat, group)))
        for _ in range(3)
    ]
    answers = at_once([*once, *many])
    assert not [one for one in answers if isinstance(one, Exception)]
    assert sorted(is_repeat for _, is_repeat in answers[:4]) == [False, True, True, True]
    assert len({tuple(places) for places, _ in answers[:4]}) == 1
    assert (seqs_of(chat), seqs_of(group)) == (list(range(1, 9)), list(range(1, 8)))
