"""Reads of media."""

from collections.abc import Collection

from django.db.models import Sum

from media.models import Blob, Medium, Upload
from media.payloads import MediaPayload, media_payload


def payloads_of(medium_ids: Collection[int]) -> dict[int, MediaPayload]:
    """The payloads of ``medium_ids`` by id, in one query; those that are gone are left out.

    It asks nothing of access: for what shows media to those who may see it.
    """
    if not medium_ids:
        return {}
    there = Medium.objects.filter(owner__deleted_at=None, pk__in=medium_ids)
    rows = there.select_related("blob")
    return {medium.pk: media_payload(medium) for medium in rows}


def used_bytes(user_id: int) -> int:
    """What counts against a person's MEDIA_QUOTA_BYTES: what is kept, and what is announced."""
    kept = Blob.objects.filter(owner_id=user_id).aggregate(
        size=Sum("size", default=0), thumbnails=Sum("thumbnail_size", default=0)
    )
    announced = Upload.objects.filter(owner_id=user_id).aggregate(length=Sum("length", default=0))
    return int(kept["size"] + kept["thumbnails"] + announced["length"])
