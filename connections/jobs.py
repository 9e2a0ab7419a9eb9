"""Scheduled work of the worker."""

from procrastinate.contrib.django import app

from connections.actions.expiry import expire_requests, expire_tokens, forget_requests
from core.clock import now


@app.periodic(cron="* * * * *")
@app.task(queue="maintenance", queueing_lock="connections.expire")
def expire_connections(timestamp: int) -> None:
    """Clears tokens and requests whose time is up, every minute."""
    at = now()
    expire_tokens(at)
    expire_requests(at)
    forget_requests(at)
