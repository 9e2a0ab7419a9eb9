"""What has run out is removed: by ``manage.py expire`` and by the worker on schedule."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.models import Q, QuerySet

from accounts.models import Challenge, Counter, Device, PersonalEvent, User

#: Codes stay a day after they expire, so that an answer that is late is told so.
_CODES_KEPT = timedelta(days=1)
#: A revoked device stays so long for the admin to see.
_DEVICES_KEPT = timedelta(days=30)

#: People whose logs are pruned in one transaction.
_PEOPLE = 200

_PRUNE = """
WITH gone AS (
    DELETE FROM accounts_personalevent WHERE user_id = ANY(%s) AND created_at < %s
    RETURNING user_id, position
), floors AS (
    SELECT user_id, max(position) AS position FROM gone GROUP BY user_id
)
UPDATE accounts_user u SET log_floor = GREATEST(u.log_floor, floors.position)
FROM floors WHERE u.id = floors.user_id
"""


def expire_codes(now: datetime, dry_run: bool = False) -> int:
    """Removes codes nobody can use any more; answers how many."""
    return _remove(Challenge.objects.filter(expires_at__lt=now - _CODES_KEPT), dry_run)


def expire_counters(now: datetime, dry_run: bool = False) -> int:
    """Removes counts that no window reaches any more; answers how many."""
    return _remove(Counter.objects.filter(expires_at__lt=now), dry_run)


def expire_devices(now: datetime, dry_run: bool = False) -> int:
    """Removes devices that were revoked or unused for long; answers how many."""
    unused = Q(last_used_at__lt=now - timedelta(seconds=settings.REFRESH_LIFETIME))
    revoked = Q(revoked_at__lt=now - _DEVICES_KEPT)
    return _remove(Device.objects.filter(unused | revoked), dry_run)


def expire_sessions(now: datetime, dry_run: bool = False) -> int:
    """Removes what browsers of staff (and of the browsable API) were signed in by; answers how
    many.
    """
    return _remove(Session.objects.filter(expire_date__lt=now), dry_run)


def expire_personal_events(now: datetime, dry_run: bool = False) -> int:
    """Prunes the personal logs to PERSONAL_LOG_DAYS and moves their floors; answers how many.

    Of so many people at once, whose rows are locked first and in the order of all: no reader sees
    entries gone below a floor that does not say so, and nobody waits for each other.
    """
    before = now - timedelta(days=settings.PERSONAL_LOG_DAYS)
    old = PersonalEvent.objects.filter(created_at__lt=before)
    count = old.count()
    if dry_run:
        return count
    people = old.order_by("user_id").values_list("user_id", flat=True).distinct()
    while ids := list(people[:_PEOPLE]):
        with transaction.atomic(), connection.cursor() as cursor:
            locked = User.objects.select_for_update(no_key=True).filter(pk__in=ids)
            list(locked.order_by("pk").values_list("pk"))
            cursor.execute(_PRUNE, [ids, before])
    return count


def _remove(rows: QuerySet[Any], dry_run: bool) -> int:
    return rows.count() if dry_run else rows.delete()[0]
