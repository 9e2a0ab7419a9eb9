"""Mail for what stayed unseen, to those who want it: at most one in MAIL_UNSEEN_HOURS."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

import procrastinate
from django.conf import settings
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from accounts.delivery import driver_of
from accounts.delivery.message import Message
from core.clock import now
from notifications.models import Notification, Preferences
from notifications.queries import badge_of, news_of

_PEOPLE_AT_ONCE = 500


def mail_unseen(at: datetime) -> int:
    """Defers a mail to everybody who is due for one; answers how many."""
    count = 0
    for people in _who_wants_mail():
        for user_id in _due(people, at):
            try:
                mail_one.configure(queueing_lock=f"mail:{user_id}").defer(user_id=user_id)
                count += 1
            except AlreadyEnqueued:
                pass
    return count


@app.task(
    name="notifications.mail_one",
    queue="notify",
    priority=-1,
    retry=procrastinate.RetryStrategy(max_attempts=6, exponential_wait=3),
)
def mail_one(user_id: int) -> None:
    """Says how much waits, and nothing of what it is; unless it was seen meanwhile."""
    at = now()
    row = Preferences.objects.filter(pk=user_id, mail=True, user__is_active=True)
    row = row.select_related("user")
    person = row.first()
    if person is None or person.user.email is None or not _due([person], at):
        return
    driver_of("email")(
        Message(
            channel="email",
            to=person.user.email,
            subject=f"Unseen on {settings.SERVER_NAME}",
            text=f"{badge_of([user_id])[user_id]} unseen messages and notifications wait for you"
            f" on {settings.SERVER_NAME}. {settings.PUBLIC_URL}\n\n"
            "You get this mail because you asked for it; the settings end it.",
        )
    )
    row.update(mailed_upto=at)


def _who_wants_mail() -> Iterator[list[Preferences]]:
    rows = Preferences.objects.filter(mail=True, user__is_active=True, user__email__isnull=False)
    last = 0
    while people := list(rows.filter(pk__gt=last).order_by("pk")[:_PEOPLE_AT_ONCE]):
        yield people
        last = people[-1].pk


def _due(people: Collection[Preferences], at: datetime) -> list[int]:
    """Those for whom something waits since MAIL_UNSEEN_HOURS that no mail told of."""
    before = at - timedelta(hours=settings.MAIL_UNSEEN_HOURS)
    since = {
        one.pk: one.mailed_upto
        for one in people
        if one.mailed_upto is not None and one.mailed_upto < before
    }
    waiting = set(news_of(since, before=before))
    unread = Notification.objects.filter(user_id__in=since, read_at=None, created_at__lt=before)
    for user_id, created_at in unread.values_list("user_id", "created_at"):
        if created_at >= since[user_id]:
            waiting.add(user_id)
    return sorted(waiting)
