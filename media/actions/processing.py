"""Decoding: a blob that was uploaded becomes ready, or is rejected. In the worker."""

from collections.abc import Callable
from datetime import datetime
from shutil import copyfileobj
from time import monotonic

from django.conf import settings
from django.db import transaction
from django.db.models import F
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from media import hooks, sandbox, storage
from media.actions.media import publish_updated
from media.models import Blob, Medium
from media.payloads import media_payload
from media.sandbox import Decoded, Rejected
from realtime.bus import publish_ephemeral

#: A content that has brought down its worker so often is given up.
_TRIES_MAX = 3
_PROGRESS_SECONDS = 1.0


def defer_processing(blob: Blob) -> None:
    """Has a worker decode the blob once the caller's transaction commits.

    Jobs of one lock run one at a time, and those that wait take no worker's place: pictures do not
    wait for recordings, and codes by mail for neither.
    """
    if blob.kind == Blob.Kind.IMAGE:
        lock, lanes = "media.image", settings.MEDIA_IMAGES_AT_ONCE
    else:
        lock, lanes = "media.video", settings.MEDIA_VIDEOS_AT_ONCE
    process.configure(lock=f"{lock}.{blob.pk % lanes}").defer(blob_id=blob.pk)


@app.task(
    name="media.process",
    queue="media",
    priority=-1,
    retry=RetryStrategy(max_attempts=8, exponential_wait=3),
)
def process(blob_id: int) -> None:
    """Decodes a blob and tells its owner and the apps above. It may run twice; the retries are for
    a database or a storage that is away.
    """
    blob = Blob.objects.filter(pk=blob_id).first()
    if blob is None:
        storage.remove([blob_id])
        return
    if blob.state != Blob.State.PROCESSING:
        _remove_the_rest(blob)
        return
    if blob.tries >= _TRIES_MAX:
        _finish(blob, Rejected("failed"))
        return
    with storage.workplace() as directory:
        source = directory / "original"
        with storage.open_part(blob_id, "original") as original, source.open("wb") as local:
            copyfileobj(original, local, 1024 * 1024)
        Blob.objects.filter(pk=blob_id).update(tries=F("tries") + 1)
        try:
            decoded = sandbox.decode(blob, source, _teller(blob))
        except Rejected as rejected:
            _finish(blob, rejected)
            return
        # It did no harm: what may go wrong from here on is the storage.
        Blob.objects.filter(pk=blob_id).update(tries=0)
        for part, path in decoded.parts.items():
            storage.keep(blob_id, part, path)
    _finish(blob, decoded)


def give_up(before: datetime, dry_run: bool = False) -> int:
    """Rejects what came before a moment and is not decoded yet: its job has failed for good, or was
    lost. Answers how many.
    """
    stuck = Blob.objects.filter(state=Blob.State.PROCESSING, created_at__lt=before)
    if dry_run:
        return stuck.count()
    blobs = list(stuck)
    for blob in blobs:
        _finish(blob, Rejected("failed"))
    return len(blobs)


def _finish(blob: Blob, outcome: Decoded | Rejected) -> None:
    if isinstance(outcome, Decoded):
        changes = {**outcome.fields, "state": Blob.State.READY}
    else:
        # Without its hash, so that the same content may be tried again.
        changes = {"state": Blob.State.REJECTED, "reason": outcome.reason}
        changes |= {"sha256": None, "size": 0}
    with transaction.atomic():
        rows = Blob.objects.filter(pk=blob.pk, state=Blob.State.PROCESSING)
        if rows.update(**changes):
            media = Medium.objects.filter(blob_id=blob.pk).order_by("pk")
            ids = list(media.values_list("pk", flat=True))
            hooks.processed(ids)
            publish_updated(ids, blob.owner_id)
    _remove_the_rest(Blob.objects.filter(pk=blob.pk).first() or blob)


def _remove_the_rest(blob: Blob) -> None:
    """Removes what is not served of a blob that is done, or was deleted while it was decoded."""
    is_ready = blob.state == Blob.State.READY
    storage.remove([blob.pk], ["original"] if is_ready else storage.PARTS)


def _teller(blob: Blob) -> Callable[[float], None]:
    """Tells the owner how far it is, once a second at most."""
    media = list(Medium.objects.filter(blob_id=blob.pk))
    for medium in media:
        medium.blob = blob
    told_at = monotonic()

    def tell(progress: float) -> None:
        nonlocal told_at
        if monotonic() - told_at < _PROGRESS_SECONDS:
            return
        told_at = monotonic()
        for medium in media:
            payload = media_payload(medium, progress=round(progress, 2))
            publish_ephemeral([blob.owner_id], "media:updated", {"media": payload})

    return tell
