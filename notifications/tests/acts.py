"""What people do in the tests of notifications."""

from typing import Any

from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.log import events_after
from accounts.models import User
from accounts.tests.acts import Caller, signed_in
from connections.tests.acts import as_
from core.clock import now
from notifications.tests.push_service import Browser

API = "/api/v1/notifications/"


def get(user: User, path: str = "") -> Any:
    """The answer of a GET."""
    answer = as_(user).get(f"{API}{path}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def send(user: User, method: str, path: str, body: Any = None) -> Any:
    """The response of another method."""
    return getattr(as_(user), method)(f"{API}{path}", body, format="json")


def told(user: User) -> list[tuple[str, Any]]:
    """What the user's personal log says."""
    return [(entry.event, entry.data) for entry in events_after(user.pk, 0, 1000)]


def kinds(user: User) -> list[str]:
    """What the list has, the newest first."""
    return [row["kind"] for row in get(user)["results"]]


def badge(user: User) -> int:
    """The number on the icon."""
    return int(get(user, "badge/")["unread"])


def subscribed(user: User, browser: Browser) -> Caller:
    """A new device of the user's, subscribed by a browser."""
    caller = signed_in(user)
    answer = caller.post("notifications/push/", browser.subscription)
    assert answer.status_code == 201, answer.content
    return caller


def run_jobs() -> int:
    """Does what the worker would do now; how many jobs that was."""
    waiting = ProcrastinateJob.objects.filter(queue_name="notify", status="todo").exclude(
        scheduled_at__gt=now()
    )
    jobs = list(waiting.order_by("id"))
    for job in jobs:
        ProcrastinateJob.objects.filter(pk=job.pk).delete()
        app.tasks[job.task_name](**job.args)
    return len(jobs)


def waiting_jobs() -> list[ProcrastinateJob]:
    """What is still to be done, now or later."""
    return list(ProcrastinateJob.objects.filter(queue_name="notify", status="todo").order_by("id"))
