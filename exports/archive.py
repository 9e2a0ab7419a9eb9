"""Writing the archive: a zip, row by row and piece by piece, in bounded memory."""

from collections.abc import Callable
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import msgspec

from accounts.export import File, Lines, sections
from core.clock import now, rfc3339
from exports import storage

_PIECE_BYTES = 256 * 1024

_README = """\
Your data, as this server held them on {at}.

Files that end in .jsonl have one JSON object a line; .json has one object. Ids are texts, times are
RFC 3339 in UTC, durations are seconds, sizes bytes. People are named by id; the file that names
ids beside it says who they are.

What was deleted, hidden or has disappeared is not in here.

{abouts}
"""


def write(path: Path, user_id: int, note: Callable[[float], None]) -> int:
    """Writes all that the person has into a new file; answers its size.

    ``note(progress)`` is called between the pieces, with 0 to 1, and may raise to give it up.
    """
    expected = max(1, sum(section.size(user_id) for section in sections))
    done = 0

    def count(size: int) -> None:
        nonlocal done
        done += size
        note(min(done / expected, 0.99))

    with storage.create(path) as file:
        with ZipFile(file, "w") as archive:
            abouts = "\n".join(section.about for section in sections)
            readme = _README.format(at=rfc3339(now()), abouts=abouts)
            archive.writestr(_entry("README.txt", ZIP_DEFLATED), readme)
            for section in sections:
                for part in section.parts(user_id):
                    _write_part(archive, part, count)
        return file.tell()


def _write_part(archive: ZipFile, part: Lines | File, count: Callable[[int], None]) -> None:
    if isinstance(part, Lines):
        with archive.open(_entry(part.name, ZIP_DEFLATED), "w", force_zip64=True) as entry:
            for row in part.rows:
                line = msgspec.json.encode(row) + b"\n"
                entry.write(line)
                count(len(line))
        return
    try:
        source = part.open()
    except FileNotFoundError:
        return
    # Pictures and recordings are compressed already.
    with source, archive.open(_entry(part.name, ZIP_STORED), "w", force_zip64=True) as entry:
        _copy(source, entry, count)


def _copy(source: IO[bytes], entry: IO[bytes], count: Callable[[int], None]) -> None:
    while piece := source.read(_PIECE_BYTES):
        entry.write(piece)
        count(len(piece))


def _entry(name: str, compression: int) -> ZipInfo:
    entry = ZipInfo(name, now().timetuple()[:6])
    entry.compress_type = compression
    entry.external_attr = 0o600 << 16
    return entry
