"""Receiving files: in one request, or piece by piece over many.

The bytes of an unfinished upload lie in a part file; its size is how far the upload has come. Who
writes it holds a lock of the file, so a slow upload holds no transaction and two writers never mix.
"""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BufferedRandom
from typing import IO, NamedTuple

from django.conf import settings
from django.db import transaction

from accounts.access import lock_account
from core.clock import now
from core.errors import Conflict, Invalid, NotFound, TooLarge, UnsupportedType
from core.ids import parse_id
from media import storage
from media.actions.media import collect, take_blob
from media.actions.processing import defer_processing
from media.models import Blob, Medium, Purpose, Upload
from media.queries import used_bytes
from media.sniff import HEAD_BYTES, Sniffed, is_lie, safe_name, sniff

_COPY_BYTES = 1024 * 1024
#: What these become is not for the bytes to say.
_AS_WANTED = {Purpose.VOICE: Blob.Kind.VOICE, Purpose.FILE: Blob.Kind.FILE}


class Description(NamedTuple):
    """What a client says of a file: its name, what it calls its type, and what it is to become."""

    name: str
    declared: str = ""
    purpose: Purpose = Purpose.PLAIN


class Progress(NamedTuple):
    """Where an upload stands; ``medium`` when it is complete."""

    offset: int
    upload: Upload
    medium: Medium | None = None


def receive(user_id: int, file: IO[bytes], size: int, description: Description) -> Medium:
    """A medium from a file that has arrived whole. Raises what ``begin`` and ``append`` raise."""
    progress = append(begin(user_id, size, description), 0, file, size)
    assert progress.medium is not None
    return progress.medium


def begin(user_id: int, length: int, description: Description) -> Upload:
    """Makes room for an upload of ``length`` bytes.

    Locks the account's row, so that simultaneous uploads count each other. Raises Invalid
    ``media_empty``, TooLarge ``media_too_large`` or ``quota_exceeded``, Conflict ``uploads_full``.
    """
    if length < 1:
        raise Invalid("media_empty", "There is nothing in this file.")
    at_most = max_bytes(description.purpose)
    if length > at_most:
        raise TooLarge("media_too_large", f"At most {at_most} bytes.")
    with transaction.atomic():
        lock_account(user_id)
        if Upload.objects.filter(owner_id=user_id).count() >= settings.MEDIA_UPLOADS_PER_USER:
            raise Conflict("uploads_full", "Finish or end other uploads first.")
        if used_bytes(user_id) + length > settings.MEDIA_QUOTA_BYTES:
            raise TooLarge("quota_exceeded", "There is no room left for your files.")
        return Upload.objects.create(
            owner_id=user_id,
            length=length,
            name=safe_name(description.name),
            declared=description.declared[:100],
            purpose=description.purpose,
            expires_at=now() + timedelta(seconds=settings.MEDIA_UPLOAD_LIFETIME),
        )


def max_bytes(purpose: Purpose) -> int:
    """How large a file may be."""
    limit = settings.AVATAR_MAX_BYTES if purpose is Purpose.AVATAR else settings.MEDIA_MAX_BYTES
    return int(limit)


def get_upload(user_id: int, upload_id: str) -> Upload:
    """An unfinished upload of the user's; raises NotFound ``upload_not_found``."""
    upload = Upload.objects.filter(
        pk=_parsed(upload_id), owner_id=user_id, expires_at__gt=now()
    ).first()
    if upload is None:
        raise upload_not_found()
    return upload


def finished(user_id: int, upload_id: str) -> Medium | None:
    """What an upload of the user's has become; it kept its id."""
    rows = Medium.objects.select_related("blob")
    return rows.filter(pk=_parsed(upload_id), owner_id=user_id).first()


def offset_of(upload: Upload) -> int:
    """How many bytes have arrived."""
    try:
        return storage.part_file(upload.pk).stat().st_size
    except FileNotFoundError:
        return 0


def append(upload: Upload, offset: int, body: IO[bytes], size: int) -> Progress:
    """Adds ``size`` bytes of ``body`` at ``offset``; with the last one the medium is made.

    Raises Conflict ``upload_offset`` where the upload stands elsewhere and ``upload_busy`` while
    another request writes to it, TooLarge ``upload_overrun``, and what ``_finish`` raises, which
    ends the upload.
    """
    with _locked_part(upload) as part:
        at = os.fstat(part.fileno()).st_size
        if offset != at:
            raise Conflict("upload_offset", f"This upload goes on at byte {at}.")
        if at + size > upload.length:
            raise TooLarge("upload_overrun", f"This upload has {upload.length} bytes in all.")
        shutil.copyfileobj(body, part, _COPY_BYTES)
        part.flush()
        at = os.fstat(part.fileno()).st_size
        if at < upload.length:
            return Progress(at, upload)
        try:
            medium = _finish(upload, part)
        except (UnsupportedType, Invalid):
            end(upload)  # whatever is sent again, it stays what it is
            raise
        return Progress(at, upload, medium)


def end(upload: Upload) -> None:
    """Ends an upload; what has arrived of it is removed."""
    with transaction.atomic():
        if Upload.objects.filter(pk=upload.pk).delete()[0]:
            # It may have been interrupted between keeping the bytes and noting the medium.
            collect.defer(blob_ids=[upload.pk])
    storage.part_file(upload.pk).unlink(missing_ok=True)


def upload_not_found() -> NotFound:
    """Never begun, finished, expired, or not the caller's."""
    return NotFound("upload_not_found", "There is no such upload.")


def _finish(upload: Upload, part: BufferedRandom) -> Medium:
    """Makes the medium of a complete part file, once; the upload and its file are gone then.

    Raises UnsupportedType ``media_type_mismatch``, NotFound if the upload was ended meanwhile, and
    Unauthenticated if the account was.
    """
    os.fsync(part.fileno())  # the row must not outlive the bytes
    part.seek(0)
    sniffed = sniff(part.read(HEAD_BYTES))
    _check(sniffed, upload)
    part.seek(0)
    digest = hashlib.file_digest(part, "sha256").digest()
    path = storage.part_file(upload.pk)
    storage.keep(upload.pk, "original", path)
    try:
        with transaction.atomic():
            medium = _make_medium(upload, sniffed, digest)
    except Exception:
        storage.remove([upload.pk])
        raise
    path.unlink(missing_ok=True)
    return medium


def _check(sniffed: Sniffed, upload: Upload) -> None:
    if upload.purpose == Purpose.FILE:
        return  # only ever saved: nothing relies on what it is called
    wanted = {
        Purpose.VOICE: (Blob.Kind.AUDIO, Blob.Kind.VIDEO),
        Purpose.AVATAR: (Blob.Kind.IMAGE,),
    }.get(Purpose(upload.purpose))
    if is_lie(upload.declared, sniffed) or (wanted and sniffed.kind not in wanted):
        message = f"This file is no such thing: it looks like {sniffed.mime}."
        raise UnsupportedType("media_type_mismatch", message)


def _make_medium(upload: Upload, sniffed: Sniffed, digest: bytes) -> Medium:
    kind = _AS_WANTED.get(Purpose(upload.purpose), sniffed.kind)
    is_file = kind is Blob.Kind.FILE
    blob = take_blob(
        Blob(
            pk=upload.pk,
            owner_id=upload.owner_id,
            sha256=digest,
            purpose=upload.purpose,
            kind=kind,
            mime=sniffed.mime,
            state=Blob.State.READY if is_file else Blob.State.PROCESSING,
            uploaded_size=upload.length,
            size=upload.length,
        )
    )
    lock_account(upload.owner_id)
    if not Upload.objects.filter(pk=upload.pk).delete()[0]:
        raise upload_not_found()
    if blob.pk != upload.pk:
        collect.defer(blob_ids=[upload.pk])
    elif not is_file:
        defer_processing(blob)
    return Medium.objects.create(
        pk=upload.pk, owner_id=upload.owner_id, blob=blob, name=upload.name
    )


@contextmanager
def _locked_part(upload: Upload) -> Iterator[BufferedRandom]:
    with storage.part_file(upload.pk).open("a+b") as part:
        try:
            fcntl.flock(part, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Conflict("upload_busy", "Another request writes to this upload.") from error
        # Ended, or finished, while we came here: then the file is a new one that nobody wants.
        if not Upload.objects.filter(pk=upload.pk).exists():
            storage.part_file(upload.pk).unlink(missing_ok=True)
            raise upload_not_found()
        yield part


def _parsed(text: str) -> int:
    try:
        return parse_id(text)
    except NotFound as error:
        raise upload_not_found() from error
