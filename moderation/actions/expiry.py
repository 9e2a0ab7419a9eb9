"""What moderation lets go of with time."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from media.actions.media import release
from moderation.actions.reports import HOLDER
from moderation.models import Report


def expire_reports(now: datetime, *, dry_run: bool = False) -> int:
    """Removes reports, with their evidence, REPORTS_KEPT_DAYS after they were decided; answers how
    many there are. What staff did stays in the audit log.
    """
    old = Report.objects.filter(decided_at__lt=now - timedelta(days=settings.REPORTS_KEPT_DAYS))
    if dry_run:
        return old.count()
    with transaction.atomic():
        ids = list(old.values_list("pk", flat=True))
        release(HOLDER, ids)
        return Report.objects.filter(pk__in=ids).delete()[0]
