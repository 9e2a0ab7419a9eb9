"""Runs the decoder (``media.decoder``): a process of its own for each file, with limits.

What an attacker writes is read there and nowhere else: in a process that knows no secret (its
environment is empty), that may take so much memory and time, and whose answer is read as strictly
as a client's.
"""

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Timer
from typing import Annotated, Any, NamedTuple

import msgspec
import structlog
from django.conf import settings
from msgspec import Meta

from media.models import Blob
from media.storage import Part

log = structlog.get_logger(__name__)

_LINE_MAX_BYTES = 16 * 1024
_STDERR_MAX_BYTES = 2000

Size = Annotated[int, Meta(ge=1, le=65_535)]


class Rejected(Exception):
    """The file is not accepted; ``reason`` is told to its owner (docs/protocol.md)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Decoded(NamedTuple):
    """What the decoder has made: files, and what to note of them in the blob."""

    parts: dict[Part, Path]
    fields: dict[str, Any]


class _Result(msgspec.Struct, forbid_unknown_fields=True):
    """What it tells at the end, as its last line."""

    kind: str = ""
    mime: str = ""
    width: Size | None = None
    height: Size | None = None
    duration: Annotated[float, Meta(ge=0, le=1e6)] | None = None
    blurhash: Annotated[str, Meta(max_length=40, pattern=r"^[!-~]*\Z")] = ""
    waveform: Annotated[list[Annotated[int, Meta(ge=0, le=100)]], Meta(max_length=100)] | None = (
        None
    )


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    """One of the three."""

    progress: float | None = None
    rejected: Annotated[str, Meta(pattern=r"^[a-z_]{1,20}\Z")] | None = None
    done: _Result | None = None


_WRITTEN: tuple[Part, ...] = ("file", "thumbnail")
#: The types that the decoder writes.
_MADE = {"image/jpeg", "image/png", "image/webp", "video/mp4", "audio/mp4"}

_decoder = msgspec.json.Decoder(_Line)


def decode(blob: Blob, source: Path, tell: Callable[[float], None]) -> Decoded:
    """Has ``source``, the blob's original, written anew beside it. Raises Rejected."""
    is_image = blob.kind == Blob.Kind.IMAGE
    seconds = settings.DECODER_IMAGE_SECONDS if is_image else settings.DECODER_VIDEO_SECONDS
    task = {
        "source": str(source),
        "mime": blob.mime,
        "purpose": blob.purpose,
        "memory_bytes": settings.DECODER_MEMORY_BYTES,
        "cpu_seconds": seconds,
        "output_bytes": 2 * settings.MEDIA_MAX_BYTES,
        "image_pixels": settings.MEDIA_IMAGE_MAX_PIXELS,
        "video_seconds": settings.MEDIA_VIDEO_MAX_SECONDS,
    }
    last = _run(task, source.parent, seconds, tell)
    if last is None or last.done is None:
        raise Rejected((last and last.rejected) or "broken")
    return _decoded(last.done, source.parent)


def _run(
    task: dict[str, Any], directory: Path, seconds: float, tell: Callable[[float], None]
) -> _Line | None:
    """The decoder's last line; None if it ended without one. Raises Rejected ``timeout``."""
    with (
        (directory / "stderr").open("w+b") as errors,
        subprocess.Popen(
            [sys.executable, "-E", "-s", "-m", "media.decoder", msgspec.json.encode(task).decode()],
            cwd=settings.BASE_DIR,
            env={},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
        ) as process,
    ):
        # Twice: the limit is of its own seconds, and the machine may be busy.
        timer = Timer(2 * seconds, process.kill)
        timer.start()
        try:
            last = _read(process, tell)
        finally:
            was_late = not timer.is_alive()
            timer.cancel()
            process.kill()
        process.wait()
        if last is None or last.progress is not None:
            errors.seek(0)
            said = errors.read(_STDERR_MAX_BYTES).decode(errors="replace")
            log.warning("decoder", status=process.returncode, mime=task["mime"], said=said)
    if was_late or process.returncode == -signal.SIGXCPU:
        raise Rejected("timeout")
    return last


def _read(process: "subprocess.Popen[bytes]", tell: Callable[[float], None]) -> _Line | None:
    assert process.stdout is not None
    last = None
    while raw := process.stdout.readline(_LINE_MAX_BYTES):
        try:
            last = _decoder.decode(raw)
        except (msgspec.DecodeError, UnicodeError):
            return None
        if last.progress is None:
            return last
        tell(min(max(last.progress, 0.0), 1.0))
    return last


def _decoded(result: _Result, directory: Path) -> Decoded:
    if result.kind not in Blob.Kind.values or result.mime not in _MADE:
        raise Rejected("broken")
    parts: dict[Part, Path] = {
        part: directory / part for part in _WRITTEN if _is_file(directory / part)
    }
    if "file" not in parts:
        raise Rejected("broken")
    sizes = {part: path.stat().st_size for part, path in parts.items()}
    fields = msgspec.structs.asdict(result)
    fields |= {"size": sizes["file"], "thumbnail_size": sizes.get("thumbnail", 0)}
    return Decoded(parts, fields)


def _is_file(path: Path) -> bool:
    """No link, which could lead anywhere."""
    return path.is_file() and not path.is_symlink()
