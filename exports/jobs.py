"""Work of the worker: making exports, and letting them go."""

from procrastinate.contrib.django import app

from core.clock import now
from exports.actions import expire_exports, make_export

__all__ = ["expire", "make_export"]


@app.periodic(cron="*/10 * * * *")
@app.task(name="exports.expire", queue="maintenance", queueing_lock="exports.expire")
def expire(timestamp: int) -> int:
    """Deletes exports whose time is over."""
    return expire_exports(now())
