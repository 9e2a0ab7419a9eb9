"""Where bytes lie. Finished ones in the storage "media" (a directory, or a bucket), what is on its
way in directories of MEDIA_DIR that only this user of the system may enter.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Literal

import structlog
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage, storages

from core.errors import Unavailable
from media.models import Blob

log = structlog.get_logger(__name__)

#: ``original`` is what was uploaded; a blob that needed decoding keeps ``file`` and ``thumbnail``.
Part = Literal["original", "file", "thumbnail"]
PARTS: tuple[Part, ...] = ("original", "file", "thumbnail")


class _Moving(File):  # type: ignore[type-arg]  # as Django has it
    """A file that the disk storage may take as it is instead of copying it."""

    def temporary_file_path(self) -> str:
        """See Django's FileSystemStorage."""
        return str(self.name)


def storage() -> Storage:
    """The storage of finished files."""
    return storages["media"]


def key_of(blob_id: int, part: Part) -> str:
    """The name of a part of a blob in the storage: a thousand directories at most."""
    return f"{blob_id % 1000:03}/{blob_id}.{part}"


def served_part(blob: Blob) -> Part:
    """Which part people get: a file as it came, everything else as the decoder wrote it."""
    return "original" if blob.kind == Blob.Kind.FILE else "file"


def keep(blob_id: int, part: Part, path: Path) -> None:
    """Takes a local file into the storage; the file may be gone afterwards."""
    with path.open("rb") as file, _available():
        storage().save(key_of(blob_id, part), _Moving(file, name=str(path)))


def open_part(blob_id: int, part: Part) -> IO[bytes]:
    """A part of a blob for reading; raises FileNotFoundError."""
    with _available():
        return storage().open(key_of(blob_id, part), "rb")


def link(blob_id: int, part: Part, *, mime: str, disposition: str) -> str:
    """An address in the bucket that is good for MEDIA_S3_LINK_SECONDS, and says how browsers are to
    take what is there.
    """
    parameters = {"ResponseContentType": mime, "ResponseContentDisposition": disposition}
    return str(storage().url(key_of(blob_id, part), parameters=parameters))  # type: ignore[call-arg]  # S3 only


def remove(blob_ids: Iterable[int], parts: Iterable[Part] = PARTS) -> None:
    """Removes what there is of ``parts`` of some blobs; what is missing does not matter."""
    names = list(parts)
    with _available():
        for blob_id in blob_ids:
            for part in names:
                storage().delete(key_of(blob_id, part))


@contextmanager
def _available() -> Iterator[None]:
    """A bucket that does not answer, or not as it should, is Unavailable."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        log.error("bucket_away", error=str(error))
        raise Unavailable from error


def is_local() -> bool:
    """Whether files are served from this machine's disk."""
    return bool(settings.MEDIA_STORAGE == "disk")


def _directory(name: str) -> Path:
    path = Path(settings.MEDIA_DIR, name)
    if not path.is_dir():
        Path(settings.MEDIA_DIR).mkdir(mode=0o700, parents=True, exist_ok=True)
        path.mkdir(mode=0o700, exist_ok=True)
    return path


def part_file(upload_id: int) -> Path:
    """Where the bytes of an unfinished upload lie."""
    return _directory("parts") / str(upload_id)


def remove_part_files(upload_ids: Iterable[int]) -> None:
    """Removes what has arrived of uploads, as far as it lies on this machine."""
    for upload_id in upload_ids:
        part_file(upload_id).unlink(missing_ok=True)


def remove_left_overs(before: float) -> None:
    """Removes what killed processes have left unfinished and untouched since ``before`` (Unix
    seconds).
    """
    for path in (*_directory("parts").iterdir(), *_directory("work").iterdir()):
        try:
            if path.stat().st_mtime >= before:
                continue
        except FileNotFoundError:
            continue
        if path.is_dir():
            rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def nameless_file() -> IO[bytes]:
    """A file for a request's body; it is gone with the process, whatever happens."""
    return TemporaryFile(dir=_directory("parts"))


@contextmanager
def workplace() -> Iterator[Path]:
    """A directory for one run of the decoder."""
    with TemporaryDirectory(dir=_directory("work")) as name:
        yield Path(name)
