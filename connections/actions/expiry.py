"""What time ends: tokens, requests, and the record of closed requests."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from connections.access import lock_people
from connections.actions.tell import tell_both
from connections.models import ConnectionRequest, QrToken

Status = ConnectionRequest.Status


def expire_tokens(now: datetime, dry_run: bool = False) -> int:
    """Deletes tokens past their time, used or not; answers how many."""
    rows = QrToken.objects.filter(expires_at__lte=now)
    return rows.count() if dry_run else rows.delete()[0]


def expire_requests(now: datetime, dry_run: bool = False) -> int:
    """Closes open requests past their time and tells both sides; answers how many.

    They stopped counting as open at that very time; this makes it known.
    """
    rows = ConnectionRequest.objects.filter(status=Status.PENDING, expires_at__lte=now)
    if dry_run:
        return rows.count()
    return sum(close_expired(request, now) for request in rows.order_by("expires_at"))


def forget_requests(now: datetime, dry_run: bool = False) -> int:
    """Deletes requests closed more than REQUESTS_KEPT_DAYS ago; answers how many."""
    since = now - timedelta(days=settings.REQUESTS_KEPT_DAYS)
    rows: QuerySet[ConnectionRequest] = ConnectionRequest.objects.exclude(
        status=Status.PENDING
    ).filter(decided_at__lte=since)
    return rows.count() if dry_run else rows.delete()[0]


def close_expired(request: ConnectionRequest, at: datetime) -> int:
    """Moves one open request whose time is up to ``expired`` and tells both; 0 if it was not."""
    with transaction.atomic():
        lock_people(request.scanner_id, request.owner_id)
        moved = ConnectionRequest.objects.filter(
            pk=request.pk, status=Status.PENDING, expires_at__lte=at
        ).update(status=Status.EXPIRED, decided_at=at)
        if moved:
            request.status = Status.EXPIRED
            request.decided_at = at
            tell_both(request, "connection:rejected")
    return moved
