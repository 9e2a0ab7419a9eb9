"""What a file is, by its first bytes. Names and declared types are never believed.

Only what stands here ever reaches a decoder, and only the decoder named here; everything else is a
file that is passed on as it came.
"""

import re
import unicodedata
from typing import NamedTuple

from media.models import Blob

#: So many bytes are looked at.
HEAD_BYTES = 4096

Kind = Blob.Kind


class Sniffed(NamedTuple):
    """A kind and a MIME type; ``mime`` chooses the decoder (``media.decoder``)."""

    kind: Blob.Kind
    mime: str


_SIGNATURES: tuple[tuple[re.Pattern[bytes], Sniffed], ...] = tuple(
    (re.compile(pattern, re.DOTALL), Sniffed(kind, mime))
    for pattern, kind, mime in (
        (rb"\xff\xd8\xff", Kind.IMAGE, "image/jpeg"),
        (rb"\x89PNG\r\n\x1a\n", Kind.IMAGE, "image/png"),
        (rb"GIF8[79]a", Kind.IMAGE, "image/gif"),
        (rb"RIFF....WEBP", Kind.IMAGE, "image/webp"),
        (rb"....ftyp(?:hei[cmsx]|hev[cmx]|mif1|msf1)", Kind.IMAGE, "image/heic"),
        (rb"....ftyp(?:avif|avis)", Kind.FILE, "image/avif"),
        (rb"....ftypM4[AB]", Kind.AUDIO, "audio/mp4"),
        (rb"....ftypqt  ", Kind.VIDEO, "video/quicktime"),
        (rb"....ftyp3g", Kind.VIDEO, "video/3gpp"),
        (rb"....ftyp", Kind.VIDEO, "video/mp4"),
        (rb"\x1aE\xdf\xa3.{0,60}webm", Kind.VIDEO, "video/webm"),
        (rb"\x1aE\xdf\xa3.{0,60}matroska", Kind.VIDEO, "video/x-matroska"),
        (rb"OggS", Kind.AUDIO, "audio/ogg"),
        (rb"fLaC", Kind.AUDIO, "audio/flac"),
        (rb"RIFF....WAVE", Kind.AUDIO, "audio/wav"),
        (rb"#!AMR\n", Kind.AUDIO, "audio/amr"),
        # A frame of MPEG audio, its bit and sample rates in range; or the tag before it.
        (rb"ID3[\x02-\x04]|\xff[\xe2-\xe7\xf2-\xf7\xfa\xfb][\x10-\xeb]", Kind.AUDIO, "audio/mpeg"),
        (rb"\xff[\xf0\xf1\xf8\xf9]", Kind.AUDIO, "audio/aac"),
        (rb"%PDF-", Kind.FILE, "application/pdf"),
        (rb"PK(?:\x03\x04|\x05\x06)", Kind.FILE, "application/zip"),
        (rb"\x1f\x8b", Kind.FILE, "application/gzip"),
        (rb"7z\xbc\xaf\x27\x1c", Kind.FILE, "application/x-7z-compressed"),
        (rb"Rar!\x1a\x07", Kind.FILE, "application/vnd.rar"),
    )
)
#: What clients may call a picture or a recording only if it is one.
_SUBTYPES = {
    "jpg",
    "heif",
    "mp3",
    *(
        sniffed.mime.partition("/")[2].removeprefix("x-")
        for _, sniffed in _SIGNATURES
        if sniffed.kind is not Kind.FILE
    ),
}
_MAJOR_TYPES = {"image": Kind.IMAGE, "video": Kind.VIDEO, "audio": Kind.AUDIO}
#: One may be called the other: what container holds sound alone is known when it is decoded.
_RECORDINGS = {Kind.VIDEO, Kind.AUDIO}

_SUFFIXES = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "video/mp4": ".mp4",
    "audio/mp4": ".m4a",
}
#: Line ends, controls, and marks that turn the direction of what follows.
_UNSAFE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_NAME_MAX_BYTES = 200


def sniff(head: bytes) -> Sniffed:
    """What a file with these first HEAD_BYTES is."""
    for pattern, sniffed in _SIGNATURES:
        if pattern.match(head):
            return sniffed
    if b"\0" not in head and _is_text(head):
        return Sniffed(Kind.FILE, "text/plain")
    return Sniffed(Kind.FILE, "application/octet-stream")


def is_lie(declared: str, sniffed: Sniffed) -> bool:
    """Whether a client called something a picture or a recording that is none, or another kind."""
    major, _, subtype = declared.partition(";")[0].strip().lower().partition("/")
    claimed = _MAJOR_TYPES.get(major)
    if claimed is None or subtype.removeprefix("x-") not in _SUBTYPES:
        return False
    return sniffed.kind is not claimed and not {sniffed.kind, claimed} <= _RECORDINGS


def safe_name(name: str) -> str:
    """A name that is safe in headers, on disks and on screens; ``file`` where nothing is left."""
    name = unicodedata.normalize("NFC", name.encode(errors="ignore").decode())
    name = re.split(r"[/\\]", name)[-1]
    name = "".join(char for char in name if unicodedata.category(char) not in _UNSAFE)
    name = re.sub(r'[<>:"|?*%]', "_", name).strip(". ")
    stem, dot, suffix = name.rpartition(".")
    if not stem or len(suffix.encode()) > 16:
        stem, dot, suffix = name, "", ""
    room = _NAME_MAX_BYTES - len(suffix.encode())
    stem = stem.encode()[:room].decode(errors="ignore").strip()
    return f"{stem}{dot}{suffix}" if stem else "file"


def named_as(name: str, kind: str, mime: str) -> str:
    """The name with the suffix of what the decoder has made; a file that is kept as it is, a
    camera's raw picture say, keeps its own.
    """
    suffix = None if kind == Kind.FILE else _SUFFIXES.get(mime)
    if suffix is None or name.lower().endswith((suffix, ".jpeg" if suffix == ".jpg" else suffix)):
        return name
    stem = name.rpartition(".")[0] or name
    return f"{stem}{suffix}"


def _is_text(head: bytes) -> bool:
    try:
        head.decode()
    except UnicodeDecodeError as error:
        # A character may be cut at the end of what is looked at.
        return len(head) == HEAD_BYTES and error.start > HEAD_BYTES - 4
    return True
