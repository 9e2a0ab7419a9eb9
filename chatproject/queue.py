"""The queue of jobs: its names, and what of it can go."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

QUEUES = ("default", "media", "notify", "maintenance")

# Those that went well are gone at once.
_OVER = """
procrastinate_jobs j WHERE j.status IN ('succeeded', 'failed', 'cancelled', 'aborted')
    AND NOT EXISTS (
        SELECT 1 FROM procrastinate_events e WHERE e.job_id = j.id AND e.at >= %s
    )
"""


def expire_jobs(now: datetime, *, dry_run: bool = False) -> int:
    """Deletes jobs that failed or were cancelled JOBS_KEPT_DAYS ago; answers how many."""
    what = "SELECT count(*) FROM" if dry_run else "DELETE FROM"
    with connection.cursor() as cursor:
        cursor.execute(f"{what} {_OVER}", [now - timedelta(days=settings.JOBS_KEPT_DAYS)])
        return int(cursor.fetchone()[0]) if dry_run else cursor.rowcount
