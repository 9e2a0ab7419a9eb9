"""Work of the worker; what is periodic `manage.py expire` does at once too."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from chat.actions.attachments import tell_avatar_gone, tell_files_gone
from chat.actions.expiry import (
    expire_messages,
    expire_receipts,
    expire_scheduled,
    forget_invites,
)
from chat.actions.previews import make_preview
from chat.actions.scheduled import SEND_JOB, send_due, send_overdue
from chat.ended_groups import clear_group
from core.clock import now

__all__ = [
    "clear_group",
    "expire",
    "forget",
    "make_preview",
    "purge",
    "send_left_over",
    "send_scheduled",
    "tell_avatar_gone",
    "tell_files_gone",
]


@app.periodic(cron="17 * * * *")
@app.task(queue="maintenance", queueing_lock="chat.expire_receipts")
def expire(timestamp: int) -> int:
    """Drops receipt times and refused scheduled messages that were kept for long; marks stay."""
    at = now()
    return expire_receipts(at) + expire_scheduled(at)


@app.periodic(cron="* * * * *")
@app.task(queue="maintenance", queueing_lock="chat.expire_messages")
def purge(timestamp: int) -> int:
    """Empties messages that have disappeared, every minute; readers do not wait for it."""
    return expire_messages(now())


@app.task(name=SEND_JOB, queue="default", retry=RetryStrategy(max_attempts=5, exponential_wait=3))
def send_scheduled(scheduled_id: int) -> None:
    """Sends a scheduled message, if it is still due."""
    send_due(scheduled_id)


@app.periodic(cron="* * * * *")
@app.task(queue="maintenance", queueing_lock="chat.send_overdue")
def send_left_over(timestamp: int) -> int:
    """Sends what is due and whose own job has failed or got lost, every minute."""
    return send_overdue()


@app.periodic(cron="37 3 * * *")
@app.task(queue="maintenance", queueing_lock="chat.forget_invites")
def forget(timestamp: int) -> int:
    """Deletes invites and requests to join that ended more than REQUESTS_KEPT_DAYS ago."""
    return forget_invites(now())
