"""What of media people take along: what they uploaded, as it is kept."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from accounts.export import File, Lines
from media import storage
from media.models import Blob, Medium
from media.payloads import media_payload
from media.queries import used_bytes
from media.sniff import named_as

ABOUT = """\
media.jsonl: the files you uploaded
media/: these files as they are kept, named by their ids"""

_ROWS = 200


def media(user_id: int) -> Iterator[Lines | File]:
    """All media of the person, and the bytes of those that are ready."""
    ids = list(Medium.objects.filter(owner_id=user_id).order_by("pk").values_list("pk", flat=True))
    yield Lines("media.jsonl", map(media_payload, _media(ids)))
    for medium in _media(ids):
        blob = medium.blob
        if blob.state == Blob.State.READY:
            part = storage.served_part(blob)
            name = f"media/{medium.pk}-{named_as(medium.name, blob.kind, blob.mime)}"
            yield File(name, partial(storage.open_part, blob.pk, part))


def size(user_id: int) -> int:
    """What the person has stored."""
    return used_bytes(user_id)


def _media(ids: list[int]) -> Iterator[Any]:
    for begin in range(0, len(ids), _ROWS):
        some = Medium.objects.select_related("blob").filter(pk__in=ids[begin : begin + _ROWS])
        yield from some.order_by("pk")
