"""Work of the worker: decoding, removing bytes, and what has expired."""

from procrastinate.contrib.django import app

from core.clock import now
from media.actions.expiry import expire_orphans, expire_processing, expire_uploads
from media.actions.media import collect
from media.actions.processing import process

__all__ = ["collect", "expire_media", "process"]


@app.periodic(cron="*/10 * * * *")
@app.task(name="media.expire", queue="maintenance", queueing_lock="media.expire")
def expire_media(timestamp: int) -> None:
    """Ends unfinished uploads, gives up what cannot be decoded, deletes what nothing refers to."""
    at = now()
    expire_uploads(at)
    expire_processing(at)
    expire_orphans(at)
