"""Messages that are sent later: kept, changed, taken back, and sent once."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.utils.dateparse import parse_datetime
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.erasure import erase
from accounts.models import User
from accounts.tests.acts import clear_erased
from chat.access import get_scheduled
from chat.actions.expiry import expire_scheduled
from chat.actions.members import remove_member
from chat.actions.scheduled import send_due, send_now, send_overdue
from chat.models import Chat, Membership, Message, Scheduled
from chat.tests.acts import (
    API,
    make_chat,
    make_friends,
    make_group,
    names,
    pages_of_sync,
    post,
    sync_once,
)
from chat.tests.group_acts import add, remove
from chat.tests.test_visibility import opened
from connections.actions.people import remove_connection
from connections.tests.acts import as_, at_once, connect, told
from core.clock import now, rfc3339
from realtime.tests.process import Process
from realtime.tests.published import Published

HOUR = timedelta(hours=1)


def ask(
    user: User, chat: str, client_id: str = "c", *, after: timedelta = HOUR, **more: Any
) -> Any:
    """Schedules a message over HTTP."""
    body = {"client_id": client_id, "text": "later", "send_at": rfc3339(now() + after), **more}
    return as_(user).post(f"{API}{chat}/messages/", body, format="json")


def waiting(user: User, chat: str) -> Any:
    """What waits, over HTTP."""
    return as_(user).get(f"{API}{chat}/scheduled/").json()["results"]


def url(row: Any) -> str:
    """Where a scheduled message is."""
    return f"{API}{row['chat']}/scheduled/{row['id']}/"


def let_time_come() -> None:
    """All that waits is due."""
    Scheduled.objects.filter(refused="").update(send_at=now() - HOUR)


def leave(user: User, group: str) -> None:
    """The group."""
    remove_member(user.pk, group, str(user.pk))


def erase_account(user: User, group: str) -> None:
    """And so leave the group."""
    erase(user.pk)


def texts(user: User, chat: str) -> list[str]:
    """What the user sees."""
    page = as_(user).get(f"{API}{chat}/messages/").json()
    return [message["text"] for message in page["results"]]


def code(answer: Any) -> tuple[int, str]:
    """Of a refusal."""
    return answer.status_code, answer.json()["error"]["code"]


@pytest.mark.django_db(transaction=True)
def test_a_message_waits_and_is_sent_by_its_job(
    alice: User, bob: User, chat: str, published: Published
) -> None:
    first = post(bob, chat, "what?")
    published.take()
    answer = ask(alice, chat, text="so", reply_to=first.seq, mentions=[str(bob.pk)])
    assert answer.status_code == 201
    row = answer.json()
    fields: dict[str, Any] = {
        "chat": chat,
        "client_id": "c",
        "kind": "text",
        "text": "so",
        "content": None,
        "attachments": [],
    }
    fields |= {"reply_to": 1, "mentions": [str(bob.pk)], "seq": None, "refused": None}
    assert row.items() >= fields.items()
    assert row.keys() == fields.keys() | {"id", "send_at", "created_at"}
    # Nobody but the own devices hears of it, and nothing is in the log.
    (push,) = published.take()
    assert (push.event, push.to, push.data["scheduled"]) == ("scheduled:updated", {alice.pk}, row)
    kept = {"scheduled": {"id": row["id"], "chat": chat}}
    assert told(alice)[-1] == ("scheduled:updated", kept)
    assert waiting(alice, chat) == [row] and waiting(bob, chat) == []
    assert as_(alice).get(url(row)).json() == row and texts(bob, chat) == ["what?"]
    page = as_(alice).get(f"{API}{chat}/scheduled/").json()
    assert page["users"].keys() == {str(bob.pk)}
    # Its job was committed with it, for its time.
    job = ProcrastinateJob.objects.get(args={"scheduled_id": int(row["id"])})
    assert (job.queue_name, job.scheduled_at) == ("default", parse_datetime(row["send_at"]))
    send_due(**job.args)  # too early: nothing happens
    assert waiting(alice, chat) == [row]
    let_time_come()
    for _ in range(2):
        send_due(**job.args)
    assert texts(bob, chat) == ["what?", "so"] and waiting(alice, chat) == []
    received, removed = published.take()
    assert (received.event, received.to) == ("chat:receive", {alice.pk, bob.pk})
    message = received.data["message"]
    assert (message["client_id"], message["reply_to"]["text"]) == ("c", "what?")
    assert removed.event == "scheduled:removed" and removed.to == {alice.pk}
    assert removed.data.items() >= {"chat": chat, "id": row["id"]}.items()


@pytest.mark.django_db(transaction=True)
def test_sync_tells_how_it_waits_now(alice: User, chat: str) -> None:
    start = sync_once(alice)
    held = {name: start[name] for name in ("heads", "position", "marks", "epoch")}
    one, two = ask(alice, chat, "c1").json(), ask(alice, chat, "c2").json()
    as_(alice).patch(url(one), {"text": "changed"}, format="json")
    as_(alice).delete(url(two))
    events = sync_once(alice, **held)["events"]
    assert names(events) == ["scheduled:updated"] * 2 + ["scheduled:removed"]
    (changed,) = waiting(alice, chat)
    assert [event["data"].get("scheduled") for event in events] == [changed, changed, None]
    (end,) = pages_of_sync(alice, **held)
    assert end["position"] == start["position"] + 4


def test_changing_and_taking_back(alice: User, bob: User, chat: str, published: Published) -> None:
    one, two = ask(alice, chat, "c1").json(), ask(alice, chat, "c2", after=2 * HOUR).json()
    assert waiting(alice, chat) == [one, two]
    later = rfc3339(now() + 3 * HOUR)
    answer = as_(alice).patch(url(one), {"text": "other", "send_at": later}, format="json")
    assert answer.status_code == 200
    assert answer.json() == {**one, "text": "other", "send_at": later}
    assert waiting(alice, chat) == [two, answer.json()]
    jobs = ProcrastinateJob.objects.filter(args={"scheduled_id": int(one["id"])})
    assert [rfc3339(job.scheduled_at) for job in jobs.order_by("id") if job.scheduled_at] == [
        one["send_at"], later
    ]  # fmt: skip
    before = len(told(alice))
    for change in ({}, {"text": "other"}, {"send_at": later}):
        assert as_(alice).patch(url(one), change, format="json").json() == answer.json()
    assert len(told(alice)) == before and jobs.count() == 2
    # The list is paged by time.
    page = as_(alice).get(f"{API}{chat}/scheduled/?limit=1").json()
    assert page["results"] == [two]
    page = as_(alice).get(f"{API}{chat}/scheduled/?limit=1&cursor={page['next']}").json()
    assert page["results"] == [answer.json()] and page["next"] is None
    assert code(as_(alice).get(f"{API}{chat}/scheduled/?cursor=x")) == (400, "cursor_invalid")
    # A repeat of the first request is still the same message, whatever became of it.
    repeat = ask(alice, chat, "c1")
    assert (repeat.status_code, repeat.json()) == (200, answer.json())
    assert as_(alice).delete(url(two)).status_code == 204
    for method in ("get", "patch", "delete"):
        assert code(getattr(as_(alice), method)(url(two))) == (404, "scheduled_not_found")
    # It is nobody else's.
    for user, expected in ((bob, "scheduled_not_found"),):
        for method in ("get", "patch", "delete"):
            assert code(getattr(as_(user), method)(url(one))) == (404, expected)
        assert code(as_(user).post(f"{url(one)}send/")) == (404, expected)
    assert code(as_(alice).get(f"{API}{chat}/scheduled/x/")) == (404, "scheduled_not_found")


def test_what_cannot_be_scheduled(alice: User, bob: User, carol: User, chat: str) -> None:
    assert code(ask(carol, chat)) == (404, "chat_not_found")
    assert code(ask(carol, chat, after=-HOUR)) == (404, "chat_not_found")
    for after in (-HOUR, timedelta(0), timedelta(days=366)):
        answer = ask(alice, chat, after=after)
        assert code(answer) == (400, "invalid")
        assert list(answer.json()["error"]["fields"]) == ["send_at"]
    bad: list[dict[str, Any]] = [
        {"text": " "},
        {"text": ""},
        {"send_at": "soon"},
        {"send_at": 5},
        {"send_at": "2030-01-01T00:00:00"},
        {"send_at": "9999-12-31T23:59:59-14:00"},
        {"kind": "poll"},
        {"content": {"question": "q"}},
    ]
    for more in bad:
        assert code(ask(alice, chat, **more)) == (400, "invalid"), more
        assert ask(carol, chat, **more).status_code == 404, more
    assert code(ask(alice, chat, reply_to=9)) == (404, "message_not_found")
    assert code(ask(alice, chat, mentions=[str(carol.pk)])) == (404, "member_not_found")
    place = {"lat": 1.5, "lon": 2}
    row = ask(alice, chat, text="", kind="location", content=place | {"more": 1}).json()
    assert row["content"] == place
    for change in ({"text": ""}, {"text": "\u200b"}, {"send_at": None}, {"send_at": "x"}):
        assert as_(alice).patch(url(row), change, format="json").status_code == 400, change
    assert code(as_(alice).patch(url(row), {"text": "x"}, format="json")) == (400, "not_editable")
    past = {"send_at": rfc3339(now() - HOUR)}
    assert code(as_(alice).patch(url(row), past, format="json")) == (400, "invalid")
    remove_connection(user_id=alice.pk, other_id=bob.pk)
    assert code(ask(alice, chat, "c2")) == (403, "chat_closed")
    # But what is there can be seen, changed and asked for again.
    again = ask(alice, chat, text="", kind="location", content=place)
    assert (again.status_code, again.json()) == (200, row)
    assert waiting(alice, chat) == [row]


def test_a_client_id_names_one_message(alice: User, bob: User, carol: User, chat: str) -> None:
    first = ask(alice, chat, "c")
    again = ask(alice, chat, "c", after=2 * HOUR)
    assert (again.status_code, again.json()) == (200, first.json())
    connect(carol, alice)
    for answer in (ask(alice, chat, "c", text="other"), ask(alice, make_chat(alice, carol), "c")):
        assert code(answer) == (409, "client_id_reused")
    assert ask(bob, chat, "c").status_code == 201
    # Sent in the meantime: the message itself is the answer.
    post(alice, chat, "now", "d")
    sent = ask(alice, chat, "d", text="now")
    assert sent.status_code == 200 and sent.json()["seq"] == 1
    assert code(ask(alice, chat, "d", text="other")) == (409, "client_id_reused")
    # Sent from here, after it was changed: also to who asks for the first version again.
    as_(alice).patch(url(first.json()), {"text": "changed"}, format="json")
    let_time_come()
    send_overdue()
    again = ask(alice, chat, "c")
    assert (again.status_code, again.json()["text"]) == (200, "changed")
    assert Message.objects.filter(sender=alice, client_id="c").count() == 1
    assert Scheduled.objects.filter(sender=alice).count() == 0


def test_sending_it_now(alice: User, bob: User, chat: str) -> None:
    row = ask(alice, chat, text="now").json()
    answer = as_(alice).post(f"{url(row)}send/")
    assert answer.status_code == 201
    assert (answer.json()["seq"], answer.json()["status"]) == (1, "sent")
    assert texts(bob, chat) == ["now"] and waiting(alice, chat) == []
    assert code(as_(alice).post(f"{url(row)}send/")) == (404, "scheduled_not_found")
    row = ask(alice, chat, "c2").json()
    remove_connection(user_id=alice.pk, other_id=bob.pk)
    assert code(as_(alice).post(f"{url(row)}send/")) == (403, "chat_closed")
    assert waiting(alice, chat) == [row]  # it waits on


def _close(alice: User, bob: User, chat: str) -> None:
    remove_connection(user_id=alice.pk, other_id=bob.pk)


def _delete_quoted(alice: User, bob: User, chat: str) -> None:
    as_(bob).delete(f"{API}{chat}/messages/1/?for=everyone")


def _let_quoted_expire(alice: User, bob: User, chat: str) -> None:
    Message.objects.filter(chat_id=chat, seq=1).update(expires_at=now() - HOUR)


def _suspend(alice: User, bob: User, chat: str) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)


def _send_other(alice: User, bob: User, chat: str) -> None:
    post(alice, chat, "something else", "c")


REFUSALS: list[tuple[Callable[[User, User, str], None], str]] = [
    (_close, "chat_closed"),
    (_delete_quoted, "message_not_found"),
    (_let_quoted_expire, "message_not_found"),
    (_suspend, "account_suspended"),
    (_send_other, "client_id_reused"),
]


@pytest.mark.parametrize(("happens", "refused"), REFUSALS, ids=[r[0].__name__ for r in REFUSALS])
def test_what_cannot_be_sent_any_more_says_why(
    alice: User, bob: User, chat: str, happens: Any, refused: str
) -> None:
    post(bob, chat, "quoted")
    row = ask(alice, chat, reply_to=1).json()
    happens(alice, bob, chat)
    let_time_come()
    before = len(told(alice))
    for _ in range(2):
        send_overdue()
    (left,) = waiting(alice, chat)
    assert left["refused"] == refused and left["id"] == row["id"]
    assert "later" not in texts(bob, chat)
    assert [event for event, _ in told(alice)[before:]] == ["scheduled:updated"]
    # With another time it waits again.
    later = {"send_at": rfc3339(now() + HOUR)}
    assert as_(alice).patch(url(row), later, format="json").json()["refused"] is None
    assert expire_scheduled(now() + timedelta(days=99)) == 0
    let_time_come()
    send_overdue()
    at = now() + timedelta(days=31)
    assert expire_scheduled(at, dry_run=True) == expire_scheduled(at) == 1
    assert waiting(alice, chat) == []


def test_groups(alice: User, bob: User) -> None:
    group = Chat.objects.create(kind="group", name="g", members_count=2)
    Membership.objects.create(chat=group, user=alice, role="owner")
    bobs = Membership.objects.create(chat=group, user=bob)
    chat = str(group.pk)
    row = ask(bob, chat, mentions="all").json()
    assert row["mentions"] == ["all"]
    # Read-only by the time.
    Chat.objects.filter(pk=chat).update(post="admins")
    assert code(ask(bob, chat, "c2")) == (403, "chat_read_only")
    let_time_come()
    send_overdue()
    assert waiting(bob, chat)[0]["refused"] == "chat_read_only"
    later = {"send_at": rfc3339(now() + HOUR)}
    as_(bob).patch(url(row), later, format="json")
    # Left by the time: it is gone.
    bobs.delete()
    assert code(as_(bob).get(f"{API}{chat}/scheduled/")) == (404, "chat_not_found")
    let_time_come()
    send_overdue()
    assert not Scheduled.objects.exists() and texts(alice, chat) == []
    assert told(bob)[-1] == ("scheduled:removed", {"chat": chat, "id": row["id"]})


def test_what_somebody_has_scheduled_goes_when_they_leave(
    alice: User, bob: User, erin: User, chat: str
) -> None:
    group = make_group(alice, bob, erin)
    here = ask(bob, chat, "here").json()
    for one in (alice, bob, erin):
        ask(one, group, "there")
    remove(alice, group, bob)
    remove(erin, group, erin)
    assert set(Scheduled.objects.values_list("sender", "chat")) == {
        (bob.pk, int(chat)), (alice.pk, int(group))
    }  # fmt: skip
    # Told by `chat:removed`, and nothing comes back with the person.
    assert told(bob)[-1][0] == "chat:removed"
    add(alice, group, bob)
    assert (waiting(bob, group), waiting(bob, chat)) == ([], [here])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("go", [leave, erase_account])
def test_who_goes_does_not_wait_for_what_they_change(
    alice: User, bob: User, go: Callable[[User, str], None]
) -> None:
    """Another device has the message's row and will want the person's, which an erasure has."""
    group = make_group(alice, bob)
    row = ask(bob, group).json()
    with opened(partial(get_scheduled, bob.pk, group, row["id"], lock=True)):
        go(bob, group)
    assert Scheduled.objects.exists()
    let_time_come()
    send_overdue()
    assert not Scheduled.objects.exists() and "later" not in texts(alice, group)


@pytest.mark.django_db(transaction=True)
def test_an_erased_person_leaves_nothing_behind(alice: User, bob: User, chat: str) -> None:
    ask(alice, chat, text="canary")
    as_(alice).patch(f"{API}{chat}/me/", {"draft": "canary"}, format="json")
    erase(alice.pk)
    clear_erased()
    assert not Scheduled.objects.exists()
    assert not Membership.objects.exclude(draft="").exists()


def test_no_more_than_so_many(alice: User, chat: str, settings: Any) -> None:
    settings.SCHEDULED_PER_ACCOUNT = 2
    other = make_chat(alice, make_friends(alice, 1)[0])
    assert [ask(alice, one, f"c{n}").status_code for n, one in enumerate((chat, other))] == [
        201
    ] * 2
    assert code(ask(alice, chat, "c9")) == (409, "scheduled_full")
    assert ask(alice, chat, "c0").status_code == 200


def test_scheduling_at_once_keeps_one_and_counts_all(
    alice: User, chat: str, process: Process, settings: Any
) -> None:
    settings.SCHEDULED_PER_ACCOUNT = 2
    same = [partial(ask, alice, chat, "same") for _ in range(4)]
    assert sorted(answer.status_code for answer in at_once(same)) == [200, 200, 200, 201]
    others = [partial(ask, alice, chat, f"c{n}") for n in range(4)]
    assert sorted(answer.status_code for answer in at_once(others)) == [201, 409, 409, 409]


def test_sending_at_once_sends_once(alice: User, bob: User, chat: str, process: Process) -> None:
    rows = [ask(alice, chat, f"c{n}").json() for n in range(3)]
    let_time_come()
    ids = [int(row["id"]) for row in rows]
    acts: list[Callable[[], Any]] = [partial(send_due, id) for id in ids]
    acts += [send_overdue, send_overdue]
    acts += [partial(send_now, alice.pk, chat, row["id"]) for row in rows[:1]]
    acts += [partial(as_(alice).delete, url(rows[1]))]
    *_, deleted = at_once(acts)
    sent = Message.objects.filter(sender=alice).count()
    assert sent == 3 - (deleted.status_code == 204)
    assert not Scheduled.objects.exists()
