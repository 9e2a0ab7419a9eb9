"""Work of the worker; what is periodic `manage.py expire` does at once too."""

from procrastinate.contrib.django import app

from chat.actions.expiry import expire_receipts
from chat.actions.previews import make_preview
from core.clock import now

__all__ = ["expire", "make_preview"]


@app.periodic(cron="17 * * * *")
@app.task(queue="maintenance", queueing_lock="chat.expire_receipts")
def expire(timestamp: int) -> int:
    """Drops receipt times older than RECEIPTS_KEPT_DAYS; the marks stay."""
    return expire_receipts(now())
