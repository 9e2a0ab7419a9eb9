"""Asking for an export, making it, and letting it go."""

import errno
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from accounts.access import lock_account
from accounts.limits import DAY, give_back, take
from core.clock import now
from core.errors import Unauthenticated
from exports import archive, storage
from exports.models import Export
from exports.payloads import export_payload
from realtime.bus import publish, publish_ephemeral

log = structlog.get_logger(__name__)

State = Export.State

#: One at a time over all workers: each reads all that somebody has.
_LOCK = "exports"
#: An export that has brought down its worker so often is given up.
_TRIES_MAX = 3
_PROGRESS_SECONDS = 1.0
#: What is under way for longer has lost its job.
_LOST_AFTER = timedelta(days=1)


class _Abandoned(Exception):
    """Nobody is to have it any more."""


def start_export(user_id: int) -> tuple[Export, bool]:
    """Asks for an export, or answers the one that is under way; also whether it is a new one.

    Raises RateLimited beyond EXPORTS_PER_DAY; those that failed do not count.
    """
    with transaction.atomic():
        lock_account(user_id)
        under_way = Export.objects.filter(user_id=user_id, state__in=[State.WAITING, State.RUNNING])
        known = under_way.first()
        if known is not None:
            return known, False
        take(_counter(user_id), settings.EXPORTS_PER_DAY, DAY)
        export = Export.objects.create(user_id=user_id)
        make_export.configure(lock=_LOCK).defer(export_id=export.pk)
    return export, True


@app.task(
    name="exports.make",
    queue="default",
    priority=-2,
    retry=RetryStrategy(max_attempts=6, exponential_wait=4),
)
def make_export(export_id: int) -> None:
    """Writes the archive and tells its owner how far it is. It may run twice, and begins anew.

    The owner gets nothing if the account is erased or suspended meanwhile. A disk that is full
    fails it at once; the retries are for a database or a storage that is away.
    """
    export = Export.objects.filter(pk=export_id).first()
    if export is None or not export.is_under_way:
        return
    if export.tries >= _TRIES_MAX:
        _fail(export, Export.Reason.FAILED)
        return
    rows = Export.objects.filter(pk=export_id)
    rows.update(state=State.RUNNING, tries=F("tries") + 1, progress=0)
    part = storage.part_of(export_id)
    try:
        size = archive.write(part, export.user_id, _teller(export))
        _finish(export, part, size)
    except _Abandoned:
        _fail(export, Export.Reason.FAILED)
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise
        log.error("disk_full", error=str(error))
        _fail(export, Export.Reason.DISK_FULL)
    finally:
        part.unlink(missing_ok=True)


def expire_exports(now: datetime, *, dry_run: bool = False) -> int:
    """Deletes exports whose time is over, with their files, and fails those whose job got lost;
    answers how many. What killed workers have left on this machine's disk goes too.
    """
    over = Export.objects.filter(Q(expires_at__lte=now) | Q(created_at__lt=now - _LOST_AFTER))
    over = over.exclude(state=State.READY, expires_at__gt=now)
    if dry_run:
        return over.count()
    count = 0
    for export in over.order_by("pk"):
        if export.is_under_way:
            _fail(export, Export.Reason.FAILED)
        else:
            Export.objects.filter(pk=export.pk).delete()
            storage.remove([export.pk])
        count += 1
    _remove_left_overs()
    return count


def forget_exports(user_id: int) -> None:
    """What an erased person leaves behind here: nothing. Files go after the commit; a worker that
    is at it finds no row and removes what it has written.
    """
    _delete(list(Export.objects.filter(user_id=user_id).values_list("pk", flat=True)))


def _delete(export_ids: list[int]) -> None:
    Export.objects.filter(pk__in=export_ids).delete()
    transaction.on_commit(lambda: storage.remove(export_ids), robust=True)


def _remove_left_overs() -> None:
    files = storage.old_files()
    ids = {export_id for export_id, _ in files}
    ready = set(Export.objects.filter(pk__in=ids, state=State.READY).values_list("pk", flat=True))
    for export_id, path in files:
        if export_id not in ready or path.suffix == ".part":
            path.unlink(missing_ok=True)


def _finish(export: Export, part: Path, size: int) -> None:
    """Under the account's lock: whoever erases or suspends it comes before or after."""
    with transaction.atomic():
        try:
            lock_account(export.user_id)
        except Unauthenticated as error:
            raise _Abandoned from error
        export.expires_at = now() + timedelta(hours=settings.EXPORT_KEPT_HOURS)
        export.state, export.progress, export.size = State.READY, 1.0, size
        running = Export.objects.filter(pk=export.pk, state=State.RUNNING)
        if not running.update(
            state=State.READY, progress=1.0, size=size, expires_at=export.expires_at
        ):
            return  # another worker was quicker
        part.rename(storage.file_of(export.pk))
        before = Export.objects.filter(user_id=export.user_id).exclude(pk=export.pk)
        _delete(list(before.values_list("pk", flat=True)))
        publish([export.user_id], "export:updated", {"export": export_payload(export)})


def _fail(export: Export, reason: Export.Reason) -> None:
    export.state, export.reason = State.FAILED, reason
    with transaction.atomic():
        rows = Export.objects.filter(pk=export.pk, state__in=[State.WAITING, State.RUNNING])
        if rows.update(state=State.FAILED, reason=reason):
            give_back(_counter(export.user_id))
            publish([export.user_id], "export:updated", {"export": export_payload(export)})


def _teller(export: Export) -> Callable[[float], None]:
    """Notes how far it is and tells the owner, once a second at most; gives it up for who has been
    erased or suspended.
    """
    told_at = -_PROGRESS_SECONDS

    def tell(progress: float) -> None:
        nonlocal told_at
        if monotonic() - told_at < _PROGRESS_SECONDS:
            return
        told_at = monotonic()
        export.state, export.progress = State.RUNNING, progress
        rows = Export.objects.filter(pk=export.pk, state=State.RUNNING, user__is_active=True)
        if not rows.update(progress=progress):
            raise _Abandoned
        publish_ephemeral([export.user_id], "export:updated", {"export": export_payload(export)})

    return tell


def _counter(user_id: int) -> str:
    return f"export:{user_id}"
