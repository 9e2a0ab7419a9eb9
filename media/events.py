"""What is pushed about media."""

from typing import TypedDict

from media.payloads import MediaPayload
from realtime.registry import event


@event("media:updated")
class MediaUpdated(TypedDict):
    """To its owner: a medium goes on, is ready, or was rejected. It takes no place in a log: who
    missed it asks ``GET media/{id}/``.
    """

    media: MediaPayload
