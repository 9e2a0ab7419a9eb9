"""Media once they are uploaded: made from a content, held, let go, deleted with their bytes.

Locks are taken in this order: a blob, then what the apps above lock, then the account, then media.
"""

from collections.abc import Collection, Mapping

from django.db import transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from core.errors import Conflict
from media import storage
from media.access import media_not_found
from media.models import Blob, Hold, Medium
from media.queries import payloads_of
from realtime.bus import publish


def take_blob(fresh: Blob) -> Blob:
    """The owner's blob of this content: ``fresh``, or the one that is there already.

    Its row stays locked to the end of the caller's transaction, so that nobody deletes it before a
    medium refers to it.
    """
    Blob.objects.bulk_create(
        [fresh],
        update_conflicts=True,
        unique_fields=["owner", "sha256", "purpose"],
        update_fields=["used_at"],
    )
    return Blob.objects.get(owner_id=fresh.owner_id, sha256=fresh.sha256, purpose=fresh.purpose)


def lock_processing(medium_ids: Collection[int]) -> None:
    """Locks the contents of media that are not decoded yet, to the end of the caller's transaction:
    whoever finishes decoding them either has done so, or will find what the caller makes hold them.
    """
    contents = Blob.objects.select_for_update(no_key=True).filter(
        pk__in=Medium.objects.filter(pk__in=medium_ids).values("blob_id"),
        state=Blob.State.PROCESSING,
    )
    list(contents.order_by("pk").values_list("pk"))


def hold(medium_ids: Collection[int], kind: str, holder_id: int) -> None:
    """Notes that a thing of a kind ("message", "status" …) shows media; again changes nothing.

    In the caller's transaction, with the media's rows locked to its end. Raises NotFound
    ``media_not_found`` if one is gone.
    """
    hold_each(kind, {holder_id: medium_ids})


def hold_each(kind: str, shown: Mapping[int, Collection[int]]) -> None:
    """The same for many things of a kind, each with what it shows."""
    ids = sorted({medium_id for media in shown.values() for medium_id in media})
    if len(_lock(ids, no_key=True)) < len(ids):
        raise media_not_found()
    Hold.objects.bulk_create(
        [
            Hold(medium_id=medium_id, kind=kind, holder_id=holder_id)
            for holder_id, media in shown.items()
            for medium_id in media
        ],
        ignore_conflicts=True,
    )


def release(kind: str, holder_ids: Collection[int]) -> None:
    """Lets go of what things of a kind held: what nothing holds any more is deleted.

    In the caller's transaction; bytes go after its commit.
    """
    with transaction.atomic():
        holds = Hold.objects.filter(kind=kind, holder_id__in=holder_ids)
        ids = _lock(sorted(set(holds.values_list("medium_id", flat=True))))
        holds.delete()
        held = Hold.objects.filter(medium_id__in=ids).values_list("medium_id", flat=True)
        delete_media(set(ids).difference(held))


def release_one(medium_id: int, kind: str, holder_id: int) -> None:
    """The same for one medium of a holder."""
    with transaction.atomic():
        ids = _lock([medium_id])
        Hold.objects.filter(medium_id=medium_id, kind=kind, holder_id=holder_id).delete()
        if not Hold.objects.filter(medium_id=medium_id).exists():
            delete_media(ids)


def delete_own(user_id: int, medium: Medium) -> None:
    """Deletes a medium of the user's; raises Conflict ``media_in_use`` while something shows it."""
    if medium.owner_id != user_id:
        raise media_not_found()
    with transaction.atomic():
        ids = _lock([medium.pk])
        if not ids:
            raise media_not_found()
        if Hold.objects.filter(medium_id=medium.pk).exists():
            raise Conflict("media_in_use", "Something still shows this file.")
        delete_media(ids)


def delete_media(medium_ids: Collection[int]) -> None:
    """Deletes media whose rows the caller has locked; contents that no medium is left of go after
    the commit, by a job.
    """
    media = Medium.objects.filter(pk__in=medium_ids)
    blob_ids = sorted(set(media.values_list("blob_id", flat=True)))
    if blob_ids:
        media.delete()
        collect.defer(blob_ids=blob_ids)


def publish_updated(medium_ids: Collection[int], owner_id: int) -> None:
    """Tells the owner how media stand; on commit."""
    for payload in payloads_of(medium_ids).values():
        publish([owner_id], "media:updated", {"media": payload})


@app.task(
    name="media.collect", queue="media", retry=RetryStrategy(max_attempts=12, exponential_wait=3)
)
def collect(blob_ids: list[int]) -> None:
    """Deletes blobs that no medium is left of, and the bytes of those that are gone.

    Apart from the transaction that deletes media, which may hold a chat: whoever finishes decoding
    locks the blob first and then what shows it.
    """
    with transaction.atomic():
        locked = Blob.objects.select_for_update().filter(pk__in=blob_ids).order_by("pk")
        found = set(locked.values_list("pk", flat=True))
        used = set(Medium.objects.filter(blob_id__in=found).values_list("blob_id", flat=True))
        Blob.objects.filter(pk__in=found - used).delete()
    storage.remove(set(blob_ids) - used)


def _lock(medium_ids: Collection[int], *, no_key: bool = False) -> list[int]:
    rows = Medium.objects.select_for_update(no_key=no_key).filter(pk__in=medium_ids)
    return list(rows.order_by("pk").values_list("pk", flat=True))
