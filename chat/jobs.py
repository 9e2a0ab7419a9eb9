"""Periodic work on chats; the worker runs it, `manage.py expire` does the same at once."""

from procrastinate.contrib.django import app

from chat.actions.expiry import expire_receipts
from core.clock import now


@app.periodic(cron="17 * * * *")
@app.task(queue="maintenance", queueing_lock="chat.expire_receipts")
def expire(timestamp: int) -> int:
    """Drops receipt times older than RECEIPTS_KEPT_DAYS; the marks stay."""
    return expire_receipts(now())
