"""Where exports lie: in EXPORTS_DIR, which only this user of the system may enter."""

import time
from collections.abc import Iterable
from pathlib import Path
from secrets import token_hex
from typing import IO

from django.conf import settings

#: A file that nobody has written to for so many seconds is what a killed worker has left.
_LEFT_AFTER_SECONDS = 3600


def file_of(export_id: int) -> Path:
    """The finished archive."""
    return _directory() / f"{export_id}.zip"


def part_of(export_id: int) -> Path:
    """A new file to write into: of two workers at the same export each has its own."""
    return _directory() / f"{export_id}.{token_hex(4)}.part"


def create(path: Path) -> IO[bytes]:
    """A new file that nobody else may read."""
    path.touch(mode=0o600, exist_ok=False)
    return path.open("wb")


def open_file(export_id: int) -> IO[bytes]:
    """The finished archive for reading; raises FileNotFoundError."""
    return file_of(export_id).open("rb")


def remove(export_ids: Iterable[int]) -> None:
    """Removes all there is of some exports on this machine."""
    for export_id in export_ids:
        for path in _directory().glob(f"{export_id}.*"):
            path.unlink(missing_ok=True)


def old_files() -> list[tuple[int, Path]]:
    """What lies there and was not written to just now, with the export's id."""
    before = time.time() - _LEFT_AFTER_SECONDS
    found = []
    for path in _directory().iterdir():
        number = path.name.partition(".")[0]
        try:
            if number.isdecimal() and path.stat().st_mtime < before:
                found.append((int(number), path))
        except FileNotFoundError:
            continue
    return found


def _directory() -> Path:
    path = Path(settings.EXPORTS_DIR)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path
