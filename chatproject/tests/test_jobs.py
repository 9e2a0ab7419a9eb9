"""Every job has a queue and is tried again; what runs out goes; staff see what became of them."""

import ast
import asyncio
from datetime import timedelta
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.erasure import clear
from accounts.models import User
from accounts.profile import tell_profile
from chat.jobs import purge
from chatproject.management.commands import expire, worker
from chatproject.queue import QUEUES, expire_jobs
from core.clock import now
from realtime.tasks import end
from realtime.tests.process import wait_for

BASE_DIR = Path(__file__).resolve().parents[2]
LIST = "/admin/procrastinate/procrastinatejob/"


def tasks() -> dict[str, Any]:
    """The tasks of ours, by name; Django has imported every ``jobs`` module when it started."""
    return {task.name: task for task in app.tasks.values() if task.queue != "builtin"}


#: Tried once, for a reason: a push of a call that rings is worth nothing later.
ONCE = {"notifications.push_now"}


def test_every_job_has_a_queue_of_ours_and_is_tried_again() -> None:
    periodic = {task.task.name for task in app.periodic_registry.periodic_tasks.values()}
    assert len(tasks()) > 15
    for name, task in tasks().items():
        assert task.queue in QUEUES, name
        # What is periodic comes again by itself, and one that waits is enough.
        if name in periodic:
            assert task.queueing_lock, name
        elif name not in ONCE:
            assert task.retry_strategy is not None, name
            assert task.retry_strategy.max_attempts, f"{name} would be tried for ever"
            assert task.retry_strategy.exponential_wait > 1, f"{name} does not back off"


def test_everything_that_expires_is_in_the_command() -> None:
    listed = {function.__name__ for _, function in expire.EXPIRING}
    for path in BASE_DIR.glob("*/**/*.py"):
        if path.name == "jobs.py" or {"tests", "web", ".venv", "commands"} & set(path.parts):
            continue
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("expire_"):
                assert node.name in listed, f"{path}: {node.name}"


@pytest.mark.django_db
def test_the_command_counts_everything_and_clears_what_is_named() -> None:
    Session.objects.create(session_key="old", expire_date=now() - timedelta(days=1))
    out = StringIO()
    call_command("expire", "--dry-run", stdout=out)
    said = dict(line.split(": ") for line in out.getvalue().splitlines())
    assert set(said) == {name for name, _ in expire.EXPIRING}
    assert said["sessions of the admin"] == "1" and Session.objects.exists()
    out = StringIO()
    call_command("expire", "--only", "sessions-of-the-admin", "codes", stdout=out)
    assert out.getvalue() == "codes: 0\nsessions of the admin: 1\n"
    assert not Session.objects.exists()
    with pytest.raises(CommandError):
        call_command("expire", "--only", "nothing", stdout=out)


def job_of(status: str, days: int = 0, **how: Any) -> ProcrastinateJob:
    """A job that got so far, so many days ago."""
    job_id = clear.configure(**how).defer(user_id=1)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = %s WHERE id = %s", [status, job_id])
        cursor.execute(
            "UPDATE procrastinate_events SET at = at - make_interval(days => %s) WHERE job_id = %s",
            [days, job_id],
        )
    job: ProcrastinateJob = ProcrastinateJob.objects.get(pk=job_id)
    return job


@pytest.mark.django_db
def test_failed_jobs_go_after_a_while() -> None:
    old = job_of("failed", days=15), job_of("cancelled", days=15)
    kept = job_of("failed", days=13), job_of("todo", days=15), job_of("doing", days=15)
    assert expire_jobs(now(), dry_run=True) == 2
    assert expire_jobs(now()) == 2
    left = set(ProcrastinateJob.objects.values_list("pk", flat=True))
    assert left >= {job.pk for job in kept} and not left & {job.pk for job in old}


@pytest.mark.django_db(transaction=True)
async def test_what_a_dead_worker_had_begun_is_given_out_again() -> None:
    """Of two that were begun the one waits again; the other has a successor, and goes."""
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]  # Django's has
    with app.replace_connector(connector):
        async with app.open_async():
            alone = await clear.defer_async(user_id=1)
            behind = await purge.configure().defer_async(timestamp=1)
            doing = "UPDATE procrastinate_jobs SET status = 'doing' WHERE id = ANY(%(ids)s)"
            await connector.execute_query_async(doing, ids=[alone, behind])
            waiting = await purge.configure().defer_async(timestamp=2)
            for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=1):
                await worker._rescue(job)
            rows = await connector.execute_query_all_async(
                "SELECT id, status::text FROM procrastinate_jobs WHERE id = ANY(%(ids)s)",
                ids=[alone, behind, waiting],
            )
            assert {row["id"]: row["status"] for row in rows} == {alone: "todo", waiting: "todo"}


def is_done(job_id: int) -> bool:
    """Whether a job is gone, as one that went well is; on a connection that ends with the look."""
    try:
        return not ProcrastinateJob.objects.filter(pk=job_id).exists()
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
async def test_what_waits_for_a_time_begins_within_about_a_second_of_it() -> None:
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]  # Django's has
    with app.replace_connector(connector):
        async with app.open_async():
            working = asyncio.create_task(worker._work(["default"], 1))
            due_at = now() + timedelta(seconds=0.5)
            job = await tell_profile.configure(schedule_at=due_at).defer_async(user_id=1)
            await asyncio.to_thread(wait_for, partial(is_done, job))
            waited = now() - due_at
            await end([working])
    assert waited < timedelta(seconds=3.5)  # the rest is for a busy machine


def staff_client(name: str, role: str = "") -> Client:
    """The browser of somebody of staff; without a role a superuser."""
    user = User.objects.create_user(name, is_staff=True, is_superuser=not role)
    if role:
        user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.django_db
def test_staff_see_jobs_and_superusers_try_them_again() -> None:
    failed, waiting = job_of("failed"), job_of("todo")
    moderator, root = staff_client("olga", "moderator"), staff_client("root")
    page = moderator.get(LIST).content.decode()
    assert "accounts.clear" in page and "deferred" in page
    assert "Try failed jobs again" not in page
    assert moderator.get(f"{LIST}{failed.pk}/change/").status_code == 200
    assert moderator.get(f"{LIST}?args__user_id=1").status_code == 400
    jobs = [failed.pk, waiting.pk]
    for client, then in ((moderator, ["failed", "todo"]), (root, ["todo", "todo"])):
        client.post(LIST, {"action": "retry", "_selected_action": jobs})
        states = ProcrastinateJob.objects.filter(pk__in=jobs).order_by("pk")
        assert list(states.values_list("status", flat=True)) == then
    root.post(LIST, {"action": "cancel", "_selected_action": [waiting.pk]})
    waiting.refresh_from_db()
    assert waiting.status == "cancelled"
    changes = LogEntry.objects.values_list("object_id", "change_message")
    assert set(changes) == {(str(failed.pk), "retried"), (str(waiting.pk), "cancelled")}
    assert moderator.get("/admin/exports/export/").status_code == 403
    assert staff_client("adam", "admin").get("/admin/exports/export/").status_code == 200
