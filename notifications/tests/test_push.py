"""Pushes, up to the browser that opens them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from procrastinate.contrib.django import app

from accounts.devices import revoke_one
from accounts.erasure import erase
from accounts.models import User
from accounts.tests.acts import Caller, device_of, signed_in
from chat.actions.removals import delete_for_everyone
from chat.models import Membership
from chat.tests.acts import mark, post
from connections.tests.acts import as_, ask
from core.clock import now, rfc3339
from notifications.models import PushAttempt, PushSubscription
from notifications.tests.acts import run_jobs, send, subscribed, waiting_jobs
from notifications.tests.push_service import Browser, PushService
from presence import store
from presence.store import Socket
from realtime.tests.process import Process, wait_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def browser(service: PushService) -> Browser:
    """Bob's."""
    return Browser(service, "bob")


@pytest.fixture
def phone(bob: User, browser: Browser) -> Caller:
    """Bob's device, subscribed by his browser."""
    caller = subscribed(bob, browser)
    run_jobs()
    return caller


def look_at(user: User, caller: Caller) -> None:
    """Somebody looks at the device's client."""
    store.touch([Socket(user.pk, f"{device_of(caller).pk}:p:1")], now().timestamp())


def test_a_message_is_pushed_to_who_is_not_looking_and_says_no_more_than_that(
    alice: User, bob: User, chat: str, phone: Caller, browser: Browser, service: PushService
) -> None:
    post(alice, chat, "a secret")
    run_jobs()
    assert browser.take() == [{"kind": "message", "unread": 1 + 1}], "with the accepted request"
    assert "topic" in service.requests[-1]
    look_at(bob, phone)
    post(alice, chat, "another")
    assert run_jobs() == 0
    # Another device of his that nobody looks at is told all the same.
    laptop = Browser(service, "laptop")
    subscribed(bob, laptop)
    post(alice, chat, "a third")
    run_jobs()
    assert (browser.take(), laptop.take()) == ([], [{"kind": "message", "unread": 4}])
    assert PushAttempt.objects.filter(status=201, host="127.0.0.1", user=bob).count() == 2


def test_a_preview_tells_who_wrote_what(
    alice: User, bob: User, chat: str, phone: Caller, browser: Browser, settings: Any
) -> None:
    settings.PUSH_PREVIEW_CHARS = 5
    send(bob, "patch", "settings/", {"preview": True})
    written = post(alice, chat, "hello bob 👋")
    run_jobs()
    (push,) = browser.take()
    assert push == {
        "kind": "message", "unread": 2, "chat": chat, "seq": written.seq, "sender": "Alice",
        "group": None, "message_kind": "text", "text": "hello",
    }  # fmt: skip


def test_what_changed_before_sending_counts(
    alice: User, bob: User, chat: str, phone: Caller, browser: Browser
) -> None:
    seen = post(alice, chat)
    mark(bob, chat, "seen", seen.seq)
    run_jobs()
    deleted = post(alice, chat)
    delete_for_everyone(alice.pk, chat, deleted.seq)
    run_jobs()
    post(alice, chat)
    Membership.objects.filter(user=bob).update(muted_until=now() + timedelta(hours=1))
    run_jobs()
    assert browser.take() == []
    post(alice, chat)
    assert run_jobs() == 0, "muted: not even thought of"
    Membership.objects.filter(user=bob).update(muted_until=now() - timedelta(hours=1))
    post(alice, chat)
    send(bob, "patch", "settings/", {"push": False})
    run_jobs()
    assert browser.take() == []


def test_a_burst_is_one_push_and_a_repeated_job_is_none(
    alice: User, chat: str, phone: Caller, browser: Browser
) -> None:
    for _ in range(5):
        post(alice, chat)
    assert run_jobs() == 5, "as by processes that do not know of each other"
    assert [push["unread"] for push in browser.take()] == [6]


def test_a_web_process_gathers_a_burst_into_one_job(
    alice: User, bob: User, chat: str, phone: Caller, browser: Browser, process: Process,
    settings: Any,
) -> None:  # fmt: skip
    settings.PUSH_DELAY_SECONDS = 0.2
    for _ in range(5):
        post(alice, chat)
    post(bob, chat)
    wait_for(waiting_jobs)
    assert run_jobs() == 1
    assert len(browser.take()) == 1


def test_an_own_message_pushes_to_nobody_of_ones_own(
    bob: User, chat: str, phone: Caller, browser: Browser
) -> None:
    post(bob, chat)
    assert run_jobs() == 0
    assert browser.take() == []


def test_a_notification_is_pushed_by_a_job_that_commits_with_it(
    bob: User, carol: User, phone: Caller, browser: Browser, settings: Any
) -> None:
    settings.PUSH_DELAY_SECONDS = 0
    ask(carol, bob)
    (job,) = waiting_jobs()
    run_jobs()
    assert browser.take() == [{"kind": "connection_request", "unread": 2}]
    run_again(job)
    assert browser.take() == [], "told already"
    send(bob, "patch", "settings/", {"preview": True})
    PushAttempt.objects.all().delete()
    run_again(job)
    (push,) = browser.take()
    assert push["by"]["name"] == "Carol"


def run_again(job: Any) -> None:
    """As after a worker's death."""
    app.tasks[job.task_name](**job.args)


@pytest.mark.parametrize("how", ["revoked", "suspended", "erased", "unsubscribed"])
def test_who_is_signed_out_gets_nothing_more(
    alice: User, bob: User, chat: str, phone: Caller, browser: Browser, how: str
) -> None:
    post(alice, chat)
    match how:
        case "revoked":
            revoke_one(bob.pk, device_of(phone).pk)
        case "suspended":
            User.objects.filter(pk=bob.pk).update(is_active=False)
        case "erased":
            erase(bob.pk)
        case _:
            assert phone.delete("notifications/push/").status_code == 204
    run_jobs()
    assert browser.take() == []
    assert PushSubscription.objects.exists() == (how == "suspended")


def test_an_endpoint_that_is_gone_is_dropped(
    alice: User, chat: str, phone: Caller, service: PushService
) -> None:
    for status in (404, 410):
        service.answers.append((status, {}))
    post(alice, chat)
    run_jobs()
    assert not PushSubscription.objects.exists()
    assert run_jobs() == 0
    assert [row.status for row in PushAttempt.objects.all()] == [404]


def test_a_push_service_in_trouble_is_asked_again_later(
    alice: User, bob: User, chat: str, phone: Caller, browser: Browser, service: PushService,
    settings: Any,
) -> None:  # fmt: skip
    settings.PUSH_TRIES = 4
    service.answers += [(429, {"Retry-After": "77"}), (503, {"Retry-After": "soon"}), (500, {})]
    post(alice, chat)
    waits = []
    at = now()
    for _ in range(3):
        with time_machine.travel(at, tick=False):
            assert run_jobs() == 1
            (job,) = waiting_jobs()
            assert job.scheduled_at is not None
            waits.append(round((job.scheduled_at - at).total_seconds()))
            at = job.scheduled_at
    assert waits == [77, 30, 90]
    assert PushSubscription.objects.get().failures == 3
    with time_machine.travel(at + timedelta(seconds=1)):
        run_jobs()
    assert len(browser.take()) == 1
    assert PushSubscription.objects.get().failures == 0
    assert waiting_jobs() == []


def test_after_too_many_failures_a_subscription_is_dropped(
    alice: User, chat: str, phone: Caller, service: PushService, settings: Any
) -> None:
    settings.PUSH_FAILURES_MAX = 2
    service.answers += [(403, {}), (500, {})]
    post(alice, chat)
    run_jobs()
    assert waiting_jobs() == [], "a refusal for good is not tried again"
    post(alice, chat)
    run_jobs()
    assert not PushSubscription.objects.exists()
    assert waiting_jobs() == []


def test_in_quiet_hours_a_push_waits_for_their_end(
    alice: User, bob: User, chat: str, phone: Caller, browser: Browser
) -> None:
    quiet = {"quiet_from": "22:00", "quiet_to": "07:00", "time_zone": "Europe/Berlin"}
    send(bob, "patch", "settings/", quiet)
    with time_machine.travel(datetime(2030, 1, 10, 23, 30, tzinfo=UTC)):
        post(alice, chat)
        post(alice, chat)
        run_jobs()
        (job,) = waiting_jobs()
        assert browser.take() == []
        assert job.scheduled_at == datetime(2030, 1, 11, 6, tzinfo=UTC)
    with time_machine.travel(datetime(2030, 1, 11, 6, 0, 1, tzinfo=UTC)):
        run_jobs()
    assert [push["unread"] for push in browser.take()] == [3]


def test_an_endpoint_that_leads_inside_by_now_is_not_pushed_to(
    alice: User, chat: str, phone: Caller, browser: Browser, service: PushService, settings: Any
) -> None:
    settings.FETCH_ALLOWED_NETWORKS = []
    post(alice, chat)
    run_jobs()
    assert (browser.take(), service.requests) == ([], [])
    assert PushAttempt.objects.get().status == 0


def test_the_sender_sees_how_far_a_message_got(
    alice: User, bob: User, carol: User, chat: str, phone: Caller
) -> None:
    unpushed = post(alice, chat)
    mark(bob, chat, "seen", unpushed.seq)
    run_jobs()
    pushed = post(alice, chat)
    run_jobs()

    def trace(user: User, seq: int) -> Any:
        return as_(user).get(f"/api/v1/chats/{chat}/messages/{seq}/trace/")

    (row,) = trace(alice, pushed.seq).json()["members"]
    assert (row["user"], row["delivered_at"], row["seen_at"]) == (str(bob.pk), None, None)
    assert rfc3339(pushed.created_at) == trace(alice, pushed.seq).json()["stored_at"]
    assert row["pushed_at"] >= trace(alice, pushed.seq).json()["stored_at"]
    mark(bob, chat, "seen", pushed.seq)
    (row,) = trace(alice, pushed.seq).json()["members"]
    assert row["delivered_at"] and row["seen_at"] and row["pushed_at"]
    (row,) = trace(alice, unpushed.seq).json()["members"]
    assert row["pushed_at"] is None and row["seen_at"]
    for stranger in (bob, carol):
        assert trace(stranger, pushed.seq).status_code == 404


def test_a_call_is_pushed_while_it_rings(
    alice: User, bob: User, chat: str, phone: Caller, browser: Browser, service: PushService
) -> None:
    caller = signed_in(alice)
    body = {"chat": chat, "media": "audio"}
    assert caller.post("calls/", body).status_code == 201
    run_jobs()
    assert browser.take() == [{"kind": "call", "unread": 1}]
    assert service.requests[-1]["urgency"] == "high"
    assert 0 < int(service.requests[-1]["ttl"]) <= 45
    (call,) = caller.get("calls/").json()["results"]
    caller.post(f"calls/{call['id']}/end/")
    run_jobs()
    browser.take()
    assert caller.post("calls/", body).status_code == 201
    with time_machine.travel(now() + timedelta(seconds=46)):
        run_jobs()
    assert browser.take() == []
