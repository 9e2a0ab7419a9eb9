"""What has had its time."""

from datetime import datetime, timedelta

from django.conf import settings

from notifications.models import Notification, PushAttempt


def expire_notifications(now: datetime, *, dry_run: bool = False) -> int:
    """Removes what is older than NOTIFICATIONS_KEPT_DAYS, read or not; answers how many.

    No event tells of it; lists that are fetched do not have them.
    """
    before = now - timedelta(days=settings.NOTIFICATIONS_KEPT_DAYS)
    rows = Notification.objects.filter(created_at__lt=before)
    return rows.count() if dry_run else rows.delete()[0]


def expire_attempts(now: datetime, *, dry_run: bool = False) -> int:
    """Removes traces of pushes older than PUSH_TRACE_DAYS; answers how many."""
    rows = PushAttempt.objects.filter(at__lt=now - timedelta(days=settings.PUSH_TRACE_DAYS))
    return rows.count() if dry_run else rows.delete()[0]
