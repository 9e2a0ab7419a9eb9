"""Periodic work on the jobs themselves."""

from procrastinate.contrib.django import app

from chatproject.queue import expire_jobs
from core.clock import now


@app.periodic(cron="47 * * * *")
@app.task(queue="maintenance", queueing_lock="chatproject.expire_jobs")
def expire(timestamp: int) -> int:
    """Deletes jobs that failed long ago."""
    return expire_jobs(now())
