"""What an erased person leaves behind here: nothing, whoever was shown it."""

from django.db import transaction

from media import hooks, storage
from media.actions.media import collect, delete_media
from media.models import Blob, Medium, Upload

#: Locked and deleted in one transaction.
_BATCH = 200


def clear_media(user_id: int) -> None:
    """Deletes all of the person's media and uploads, also what messages of others still show.

    The account is closed by then: no upload begins or ends any more. Bytes go after the commits.
    """
    uploads = Upload.objects.filter(owner_id=user_id)
    ids = list(uploads.values_list("pk", flat=True))
    with transaction.atomic():
        uploads.delete()
        if ids:
            collect.defer(blob_ids=ids)
    storage.remove_part_files(ids)
    while True:
        with transaction.atomic():
            media = Medium.objects.select_for_update().filter(owner_id=user_id).order_by("pk")
            batch = list(media.values_list("pk", flat=True)[:_BATCH])
            hooks.forgotten(user_id, batch)
            delete_media(batch)
        if len(batch) < _BATCH:
            break
    # Also what an interrupted job has left.
    if blob_ids := list(Blob.objects.filter(owner_id=user_id).values_list("pk", flat=True)):
        collect.defer(blob_ids=blob_ids)
