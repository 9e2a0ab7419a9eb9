"""What chats let go of with time."""

from datetime import datetime, timedelta

from django.conf import settings

from chat.models import Receipt


def expire_receipts(now: datetime, *, dry_run: bool = False) -> int:
    """Drops the times of receipts older than RECEIPTS_KEPT_DAYS; answers how many there are."""
    old = Receipt.objects.filter(at__lt=now - timedelta(days=settings.RECEIPTS_KEPT_DAYS))
    return old.count() if dry_run else old.delete()[0]
