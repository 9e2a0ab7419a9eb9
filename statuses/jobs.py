"""Periodic work on statuses."""

from procrastinate.contrib.django import app

from core.clock import now
from statuses.actions import expire_statuses


@app.periodic(cron="* * * * *")
@app.task(queue="maintenance", queueing_lock="statuses.expire")
def expire(timestamp: int) -> int:
    """Deletes statuses that have run out; nobody has been shown them since."""
    return expire_statuses(now())
