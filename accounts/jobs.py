"""Work of the worker."""

from procrastinate.contrib.django import app

from accounts import expiry
from accounts.delivery import deliver
from accounts.erasure import clear, finish_erasures
from accounts.profile import tell_profile
from accounts.suspensions import expire_suspensions
from core.clock import now

__all__ = ["clear", "deliver", "end_suspensions", "expire_accounts", "tell_profile"]


@app.periodic(cron="*/10 * * * *")
@app.task(name="accounts.expire", queue="maintenance", queueing_lock="accounts.expire")
def expire_accounts(timestamp: int) -> None:
    """Clears codes, counters, devices and log entries that have run out, and what a lost job has
    left of erased people.
    """
    at = now()
    expiry.expire_codes(at)
    expiry.expire_counters(at)
    expiry.expire_devices(at)
    expiry.expire_personal_events(at)
    expiry.expire_sessions(at)
    finish_erasures(at)


@app.periodic(cron="* * * * *")
@app.task(
    name="accounts.end_suspensions",
    queue="maintenance",
    queueing_lock="accounts.end_suspensions",
)
def end_suspensions(timestamp: int) -> None:
    """Lets in those whose suspension has had its time."""
    expire_suspensions(now())
