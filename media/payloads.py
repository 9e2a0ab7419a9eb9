"""How media look in JSON: the same for every viewer."""

from collections.abc import Mapping
from typing import Any, TypedDict
from urllib.parse import quote

from media.models import Blob, Medium
from media.sniff import named_as

#: What payloads are made of: the medium's ``id`` and ``name``, and these of its blob.
BLOB_COLUMNS = (
    "kind",
    "mime",
    "size",
    "thumbnail_size",
    "width",
    "height",
    "duration",
    "blurhash",
    "waveform",
    "state",
    "reason",
)


class MediaPayload(TypedDict):
    """A medium. ``url`` and ``thumbnail_url`` are null until it is ready, and while it is processed
    ``progress`` (0 to 1) may tell how far; ``reason`` tells why it was rejected.
    """

    id: str
    kind: str
    mime: str
    name: str
    size: int
    width: int | None
    height: int | None
    duration: float | None
    blurhash: str | None
    waveform: list[int] | None
    url: str | None
    thumbnail_url: str | None
    state: str
    reason: str | None
    progress: float | None


def media_payload(medium: Medium, progress: float | None = None) -> MediaPayload:
    """A medium whose blob is loaded (``media.queries``)."""
    of_blob = {name: getattr(medium.blob, name) for name in BLOB_COLUMNS}
    return payload_of({"id": medium.pk, "name": medium.name, **of_blob}, progress)


def payload_of(row: Mapping[str, Any], progress: float | None = None) -> MediaPayload:
    """The same of a row with the columns above, as ``media.sql`` reads it beside other things."""
    is_ready = row["state"] == Blob.State.READY
    name = named_as(row["name"], row["kind"], row["mime"]) if is_ready else row["name"]
    path = f"/media/{row['id']}"
    return {
        "id": str(row["id"]),
        "kind": row["kind"],
        "mime": row["mime"],
        "name": name,
        "size": row["size"],
        "width": row["width"],
        "height": row["height"],
        "duration": None if row["duration"] is None else float(row["duration"]),
        "blurhash": row["blurhash"] or None,
        "waveform": row["waveform"],
        "url": f"{path}/{quote(name, safe='')}" if is_ready else None,
        "thumbnail_url": f"{path}/thumbnail/{row['id']}.webp" if row["thumbnail_size"] else None,
        "state": row["state"],
        "reason": row["reason"] or None,
        "progress": progress,
    }
