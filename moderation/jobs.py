"""Work of the worker; `manage.py expire` does it at once too."""

from procrastinate.contrib.django import app

from core.clock import now
from moderation.actions.expiry import expire_reports


@app.periodic(cron="27 * * * *")
@app.task(queue="maintenance", queueing_lock="moderation.expire")
def expire(timestamp: int) -> int:
    """Drops reports that were decided REPORTS_KEPT_DAYS ago."""
    return expire_reports(now())
