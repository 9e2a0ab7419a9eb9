"""How media look in JSON: the same for every viewer."""

from typing import TypedDict
from urllib.parse import quote

from media.models import Blob, Medium
from media.sniff import named_as


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
    blob = medium.blob
    is_ready = blob.state == Blob.State.READY
    name = named_as(medium.name, blob.mime) if is_ready else medium.name
    path = f"/media/{medium.pk}"
    return {
        "id": str(medium.pk),
        "kind": blob.kind,
        "mime": blob.mime,
        "name": name,
        "size": blob.size,
        "width": blob.width,
        "height": blob.height,
        "duration": blob.duration,
        "blurhash": blob.blurhash or None,
        "waveform": blob.waveform,
        "url": f"{path}/{quote(name, safe='')}" if is_ready else None,
        "thumbnail_url": f"{path}/thumbnail/{medium.pk}.webp" if blob.thumbnail_size else None,
        "state": blob.state,
        "reason": blob.reason or None,
        "progress": progress,
    }
