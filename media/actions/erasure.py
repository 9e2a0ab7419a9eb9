"""What an erased person leaves behind here: nothing, whoever was shown it."""

from django.db import transaction

from media import storage
from media.actions.media import collect, delete_media
from media.models import Medium, Upload


def forget_media(user_id: int) -> None:
    """Deletes all of the person's media and uploads, also what messages of others still show.

    In the transaction that erases the account, which holds the person's row: no upload begins or
    ends beside it. Bytes go after the commit.
    """
    uploads = Upload.objects.filter(owner_id=user_id)
    ids = list(uploads.values_list("pk", flat=True))
    uploads.delete()
    if ids:
        collect.defer(blob_ids=ids)
    transaction.on_commit(lambda: storage.remove_part_files(ids), robust=True)
    media = Medium.objects.select_for_update().filter(owner_id=user_id).order_by("pk")
    delete_media(list(media.values_list("pk", flat=True)))
