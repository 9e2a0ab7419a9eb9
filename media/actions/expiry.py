"""What time ends: uploads that nobody finishes, and media that nothing refers to."""

import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from media import storage
from media.actions.media import collect, delete_media
from media.actions.processing import give_up
from media.actions.uploads import end
from media.models import Blob, Hold, Medium, Upload

#: Locked and deleted in one transaction.
_BATCH = 200


def expire_uploads(now: datetime, dry_run: bool = False) -> int:
    """Ends uploads past their time; answers how many. Files that interrupted writers have left on
    this machine go too.
    """
    uploads = Upload.objects.filter(expires_at__lte=now)
    if dry_run:
        return uploads.count()
    count = 0
    for upload in uploads.order_by("expires_at"):
        end(upload)
        count += 1
    storage.remove_left_overs(time.time() - 2 * settings.MEDIA_UPLOAD_LIFETIME)
    return count


def expire_processing(now: datetime, dry_run: bool = False) -> int:
    """Rejects files that could not be decoded for as long as an upload may take; answers how many.
    They wait so long for a storage that is away.
    """
    return give_up(now - timedelta(seconds=settings.MEDIA_UPLOAD_LIFETIME), dry_run)


def expire_orphans(now: datetime, dry_run: bool = False) -> int:
    """Deletes media that nothing has held for MEDIA_ORPHAN_SECONDS after they came; answers how
    many.
    """
    before = now - timedelta(seconds=settings.MEDIA_ORPHAN_SECONDS)
    orphans = _orphans(before)
    if dry_run:
        return orphans.count()
    count = 0
    while True:
        with transaction.atomic():
            locked = orphans.select_for_update(skip_locked=True, of=("self",)).order_by("pk")
            ids = list(locked.values_list("pk", flat=True)[:_BATCH])
            # Only now is it sure that nobody takes hold of them any more.
            held = Hold.objects.filter(medium_id__in=ids).values_list("medium_id", flat=True)
            delete_media(set(ids).difference(held))
        count += len(ids)
        if len(ids) < _BATCH:
            break
    # What an interrupted job has left.
    media = Medium.objects.filter(blob_id=OuterRef("pk"))
    lone = Blob.objects.filter(~Exists(media), used_at__lt=before)
    if blob_ids := list(lone.values_list("pk", flat=True)[:_BATCH]):
        collect.defer(blob_ids=blob_ids)
    return count


def _orphans(before: datetime) -> QuerySet[Medium]:
    holds = Hold.objects.filter(medium_id=OuterRef("pk"))
    return Medium.objects.filter(~Exists(holds), created_at__lt=before)
