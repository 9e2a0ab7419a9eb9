"""Work of the worker. Each job bears being run twice."""

from procrastinate.contrib.django import app

from core.clock import now
from notifications.actions.expiry import expire_attempts, expire_notifications
from notifications.actions.mail import mail_one, mail_unseen
from notifications.actions.push import push_messages, push_notification, push_now

__all__ = ["expire", "mail", "mail_one", "push_messages", "push_notification", "push_now"]


@app.periodic(cron="*/10 * * * *")
@app.task(name="notifications.mail", queue="notify", queueing_lock="notifications.mail")
def mail(timestamp: int) -> None:
    """Finds who is to be mailed."""
    mail_unseen(now())


@app.periodic(cron="41 * * * *")
@app.task(name="notifications.expire", queue="maintenance", queueing_lock="notifications.expire")
def expire(timestamp: int) -> None:
    """Clears old notifications and traces of pushes."""
    at = now()
    expire_notifications(at)
    expire_attempts(at)
