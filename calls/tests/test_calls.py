"""The state machine of calls, and who is told."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from accounts.models import Device, User
from calls.actions import (
    answer_call,
    leave_call,
    note_alive,
    note_ringing,
    reject_call,
    start_call,
    tidy_calls,
)
from calls.models import Call, Participant
from calls.signals import get_joined, pass_on
from chat.actions.members import remove_member
from chat.models import Chat, Membership, Message
from chat.tests.acts import API, make_chat, post
from connections.actions.people import block_person, remove_connection
from connections.tests.acts import as_, at_once, connect, make_person
from core.clock import now
from core.errors import AppError, Conflict, Forbidden, NotFound
from realtime.session import Session
from realtime.tests.published import Published

CALLS = "/api/v1/calls/"
pytestmark = pytest.mark.django_db


def ring(caller: User, chat: str, media: str = "audio") -> Call:
    """A call from a device of the caller's."""
    device = Device.objects.create(user=caller, name="Phone")
    return start_call(caller.pk, chat, media, device_id=device.pk)[0]


def answer(user: User, call: Call, socket: str = "p-1") -> None:
    """On a device of the user's; the same one for the same name."""
    device, _ = Device.objects.get_or_create(user=user, name="Answering")
    answer_call(user.pk, str(call.pk), device_id=device.pk, socket=socket)


def states(call: Call) -> dict[str, str]:
    """The call's own state, its reason, and everybody's."""
    call.refresh_from_db()
    parts = {one.user.username: one.state for one in call.participants.select_related("user")}
    return {"call": call.state, "reason": call.reason, **parts}


def call_message(chat: str) -> dict[str, Any] | None:
    """What the chat keeps of its last call."""
    row = Message.objects.filter(chat_id=chat, kind="call").order_by("-seq").first()
    return None if row is None else row.content


@pytest.fixture
def group(alice: User, bob: User) -> str:
    """Alice, bob and erin."""
    erin = make_person("erin")
    made = Chat.objects.create(kind="group", name="Three", members_count=3)
    for user in (alice, bob, erin):
        Membership.objects.create(chat=made, user=user)
    return str(made.pk)


def test_a_call_rings_is_answered_and_ends(
    alice: User,
    bob: User,
    chat: str,
    published: Published,
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        body = {"chat": chat, "media": "video"}
        made = as_(alice).post(CALLS, body, format="json")
    assert made.status_code == 201
    (new,) = published.take("call:new")
    assert new.to == {bob.pk} and new.data["call"]["state"] == "ringing"
    assert set(new.data["users"]) == {str(alice.pk), str(bob.pk)}
    call = Call.objects.get()
    note_ringing(bob.pk, str(call.pk))
    assert states(call) == {"call": "ringing", "reason": "", "alice": "joined", "bob": "ringing"}
    with django_capture_on_commit_callbacks(execute=True):
        answer(bob, call, "p-7")
    to_alice, elsewhere = published.take("call:updated")
    assert to_alice.to == {alice.pk} and "answered_elsewhere" not in to_alice.data
    assert elsewhere.to == {bob.pk} and elsewhere.data["answered_elsewhere"]
    assert states(call)["call"] == "active"
    ended = as_(bob).post(f"{CALLS}{call.pk}/end/", {}, format="json").json()
    assert (ended["state"], ended["reason"]) == ("ended", "completed")
    assert states(call)["alice"] == "left"
    kept = call_message(chat)
    assert kept is not None and (kept["reason"], kept["media"]) == ("completed", "video")
    log = as_(alice).get(CALLS).json()
    assert [one["id"] for one in log["results"]] == [str(call.pk)] and log["users"]


@pytest.mark.parametrize(
    ("who", "act", "reason"),
    [
        ("alice", "end", "cancelled"),
        ("bob", "end", "declined"),
        ("bob", "reject", "declined"),
    ],
)
def test_an_unanswered_call_says_why_it_ended(
    alice: User, bob: User, chat: str, who: str, act: str, reason: str
) -> None:
    call = ring(alice, chat)
    user = {"alice": alice, "bob": bob}[who]
    (leave_call if act == "end" else reject_call)(user.pk, str(call.pk))
    assert states(call)["reason"] == reason
    kept = call_message(chat)
    assert kept is not None and kept["reason"] == reason and kept["duration"] == 0
    # Again it changes nothing, and nobody can answer any more.
    leave_call(user.pk, str(call.pk))
    with pytest.raises(Conflict, match="call_ended"):
        answer(bob, call)


def test_no_connection_is_a_failure_whatever_clients_say_besides(
    alice: User, bob: User, chat: str
) -> None:
    call = ring(alice, chat)
    answer(bob, call)
    leave_call(alice.pk, str(call.pk), reason="failed")
    assert states(call)["reason"] == "failed"
    call = ring(alice, chat)
    leave_call(alice.pk, str(call.pk), reason="completed")
    assert states(call)["reason"] == "cancelled"


def test_the_first_answer_wins_also_among_tabs(alice: User, bob: User, chat: str) -> None:
    call = ring(alice, chat)
    answer(bob, call, "p-1")
    answer(bob, call, "p-1")  # the same tab describes itself anew
    with pytest.raises(Conflict, match="call_answered"):
        answer(bob, call, "p-2")
    with pytest.raises(Conflict, match="call_answered"):
        reject_call(bob.pk, str(call.pk))


def test_somebody_in_a_call_is_busy(alice: User, bob: User, chat: str) -> None:
    erin = make_person("erin")
    connect(erin, bob)
    call = ring(alice, chat)
    with pytest.raises(Conflict, match="already_in_call"):
        ring(alice, chat)
    answer(bob, call)
    theirs = make_chat(erin, bob)
    busy = ring(erin, theirs)
    assert states(busy)["reason"] == "busy" and states(busy)["bob"] == "busy"
    kept = call_message(theirs)
    assert kept is not None and kept["reason"] == "busy"
    leave_call(alice.pk, str(call.pk))
    assert ring(erin, theirs).state == "ringing"


def test_who_is_called_while_ringing_somebody_else_is_busy(
    alice: User, bob: User, chat: str
) -> None:
    erin = make_person("erin")
    connect(erin, bob)
    ring(bob, make_chat(erin, bob))
    assert states(ring(alice, chat))["reason"] == "busy"


def test_a_ring_ends_as_missed(alice: User, bob: User, chat: str, settings: Any) -> None:
    call = ring(alice, chat)
    after = call.created_at + timedelta(seconds=settings.CALL_RING_SECONDS)
    assert tidy_calls(after - timedelta(seconds=1), vanished=False) == 0
    assert tidy_calls(after, vanished=False) == 1
    assert states(call) == {"call": "ended", "reason": "missed", "alice": "left", "bob": "missed"}
    assert tidy_calls(after) == 0


def test_a_call_all_have_vanished_from_ends(
    alice: User, bob: User, chat: str, settings: Any
) -> None:
    call = ring(alice, chat)
    answer(bob, call)
    late = now() + timedelta(seconds=settings.CALL_VANISHED_SECONDS + 1)
    assert tidy_calls(late, vanished=False) == 0  # right after a start nobody has vanished
    Participant.objects.update(alive_at=late)
    assert tidy_calls(late) == 0
    note_alive(list(Device.objects.values_list("pk", flat=True)))
    assert tidy_calls(late) == 1
    assert states(call)["reason"] == "completed"
    call = ring(alice, chat)
    assert tidy_calls(now() + timedelta(seconds=settings.CALL_VANISHED_SECONDS + 1)) == 1
    assert states(call)["reason"] == "cancelled"


def test_strangers_and_the_blocked_find_no_call(
    alice: User, bob: User, carol: User, chat: str
) -> None:
    call = ring(alice, chat)
    for act in (leave_call, reject_call, note_ringing):
        with pytest.raises(NotFound, match="call_not_found"):
            act(carol.pk, str(call.pk))
    assert as_(carol).get(f"{CALLS}{call.pk}/").status_code == 404
    assert as_(carol).get(f"{CALLS}nonsense/").json()["error"]["code"] == "call_not_found"
    bad = as_(carol).post(f"{CALLS}{call.pk}/end/", {"reason": 5}, format="json")
    assert bad.status_code == 404
    assert as_(carol).get(CALLS).json()["results"] == []
    block_person(blocker_id=bob.pk, blocked_id=alice.pk)
    with pytest.raises(Forbidden, match="chat_closed"):
        answer(bob, call)
    assert tidy_calls(now(), vanished=False) == 1
    assert states(call)["reason"] == "cancelled" and call_message(chat) is None
    with pytest.raises(Forbidden, match="chat_closed"):
        ring(alice, chat)


def test_an_active_call_ends_with_the_connection(alice: User, bob: User, chat: str) -> None:
    call = ring(alice, chat)
    answer(bob, call)
    remove_connection(user_id=alice.pk, other_id=bob.pk)
    assert tidy_calls(now(), vanished=False) == 1
    assert states(call)["reason"] == "completed"


def test_a_group_talks_until_one_is_left(group: str, alice: User, bob: User) -> None:
    erin = User.objects.get(username="erin")
    call = ring(alice, group)
    answer(bob, call)
    answer(erin, call)
    leave_call(alice.pk, str(call.pk))
    assert states(call) == {
        "call": "active", "reason": "", "alice": "left", "bob": "joined", "erin": "joined"
    }  # fmt: skip
    leave_call(erin.pk, str(call.pk))
    assert states(call)["reason"] == "completed"
    call = ring(alice, group)
    reject_call(bob.pk, str(call.pk))
    assert states(call)["call"] == "ringing"
    reject_call(erin.pk, str(call.pk))
    assert states(call)["reason"] == "declined"


def test_who_does_not_answer_a_groups_call_has_missed_it(
    group: str, alice: User, bob: User, settings: Any
) -> None:
    call = ring(alice, group)
    answer(bob, call)
    settings.CALL_RING_SECONDS = 0
    assert tidy_calls(now(), vanished=False) == 1
    assert states(call)["erin"] == "missed" and states(call)["call"] == "active"
    erin = User.objects.get(username="erin")
    answer(erin, call)  # late, but welcome
    settings.CALL_MEMBERS_MAX = 2
    leave_call(erin.pk, str(call.pk))
    with pytest.raises(Conflict, match="call_full"):
        answer(erin, call)


def test_large_groups_cannot_call(group: str, alice: User, settings: Any) -> None:
    settings.CALL_GROUP_MAX = 2
    with pytest.raises(Conflict, match="call_too_large"):
        ring(alice, group)


def test_a_repeat_rings_once(alice: User, bob: User, chat: str) -> None:
    body = {"chat": chat, "media": "audio", "client_id": "c-1"}
    first = as_(alice).post(CALLS, body, format="json")
    again = as_(alice).post(CALLS, body, format="json")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    other = as_(alice).post(CALLS, body | {"media": "video"}, format="json")
    assert other.json()["error"]["code"] == "client_id_reused"


@pytest.mark.parametrize(
    "body",
    [{}, {"media": "audio"}, {"chat": "1"}, {"chat": 1, "media": "audio"}, [], "x"],
)
def test_nonsense_is_refused(alice: User, body: Any) -> None:
    assert as_(alice).post(CALLS, body, format="json").status_code == 400


def test_what_is_no_medium_is_refused(alice: User, chat: str) -> None:
    answer = as_(alice).post(CALLS, {"chat": chat, "media": "smoke"}, format="json")
    assert answer.json()["error"]["fields"] == {"media": answer.json()["error"]["fields"]["media"]}
    assert as_(alice).get(f"{API}{chat}/").json()["head"] == 0


def test_turn_credentials_are_ones_own_and_end(alice: User, settings: Any) -> None:
    assert as_(alice).get(f"{CALLS}ice-servers/").json()["ice_servers"] == []
    settings.STUN_URLS = ["stun:stun.example:3478"]
    settings.TURN_URLS, settings.TURN_SECRET = ["turn:turn.example:3478"], "secret"
    servers = as_(alice).get(f"{CALLS}ice-servers/").json()
    stun, turn = servers["ice_servers"]
    assert stun == {"urls": ["stun:stun.example:3478"]}
    until, user = turn["username"].split(":")
    assert user == str(alice.pk)
    assert 0 < int(until) - now().timestamp() <= settings.TURN_LIFETIME
    assert turn["credential"] and "secret" not in str(servers)


@pytest.mark.django_db(transaction=True)
def test_two_who_call_each_other_at_once_make_one_call(alice: User, bob: User, chat: str) -> None:
    def call(user: User) -> str:
        return ring(user, chat).reason

    results = at_once([lambda: call(alice), lambda: call(bob)])
    assert sorted(map(str, results)) == ["", "busy"]


@pytest.mark.django_db(transaction=True)
def test_of_many_answers_one_wins(alice: User, bob: User, chat: str) -> None:
    call = ring(alice, chat)
    Device.objects.create(user=bob, name="Answering")

    def try_to(socket: str) -> str:
        try:
            answer(bob, call, socket)
        except AppError as error:
            return error.code
        return "joined"

    results = at_once([partial(try_to, f"p-{n}") for n in range(6)])
    assert sorted(results) == ["call_answered"] * 5 + ["joined"]


def test_a_call_ends_whatever_the_caller_has_called_messages(
    alice: User, bob: User, chat: str
) -> None:
    call = ring(alice, chat)
    post(alice, chat, client_id=f"call-{call.pk}")
    leave_call(alice.pk, str(call.pk))
    assert states(call)["reason"] == "cancelled"
    kept = call_message(chat)
    assert kept is not None and kept["call"] == str(call.pk)


def test_who_is_no_longer_in_the_group_is_out_of_its_call(
    group: str,
    alice: User,
    bob: User,
    published: Published,
    django_capture_on_commit_callbacks: Any,
) -> None:
    erin = User.objects.get(username="erin")
    Membership.objects.filter(chat_id=group, user=alice).update(role="owner")
    call = ring(alice, group)
    answer(bob, call)
    answer(erin, call)
    remove_member(alice.pk, group, str(bob.pk))
    with django_capture_on_commit_callbacks(execute=True):
        access = get_joined(
            Session(erin.pk, Device.objects.get(user=erin).pk, 0, 7), str(call.pk), "p-1"
        )
        pass_on(Session(erin.pk, 1, 0), access, "call:offer", {"sdp": "where erin is"})
        note_ringing(erin.pk, str(call.pk))
        leave_call(erin.pk, str(call.pk))
    told = published.take("call:offer", "call:updated")
    assert told and all(bob.pk not in push.to for push in told)
    # Their socket is open, and yet they may talk to others.
    note_alive([Device.objects.get(user=bob).pk])
    tidy_calls(now())
    assert states(call) == {
        "call": "ended", "reason": "completed", "alice": "left", "bob": "left", "erin": "left",
    }  # fmt: skip
    assert ring(bob, make_chat(alice, bob)).state == "ringing"


def test_the_sweep_lets_go_who_was_removed(group: str, alice: User, bob: User) -> None:
    erin = User.objects.get(username="erin")
    Membership.objects.filter(chat_id=group, user=alice).update(role="owner")
    call = ring(alice, group)
    answer(bob, call)
    remove_member(alice.pk, group, str(bob.pk))
    remove_member(alice.pk, group, str(erin.pk))
    tidy_calls(now(), vanished=False)
    assert states(call) == {
        "call": "ended", "reason": "completed", "alice": "left", "bob": "left", "erin": "missed",
    }  # fmt: skip
