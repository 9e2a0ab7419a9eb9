"""What moderation lets go of with time."""

from datetime import datetime, timedelta

from django.conf import settings

from moderation.models import Report


def expire_reports(now: datetime, *, dry_run: bool = False) -> int:
    """Removes reports, with their evidence, REPORTS_KEPT_DAYS after they were decided; answers how
    many. What staff did stays in the audit log.
    """
    old = Report.objects.filter(decided_at__lt=now - timedelta(days=settings.REPORTS_KEPT_DAYS))
    return old.count() if dry_run else old.delete()[0]
