"""What clients send about calls."""

from typing import Annotated, Any, Literal

import msgspec

from core.schema import ClientId, Input


class StartCall(Input, kw_only=True):
    """Rings the others in a chat."""

    chat: str
    media: Literal["audio", "video"]
    client_id: ClientId | None = None


class EndCall(Input):
    """``failed``: no connection came about; otherwise the state says why it ends."""

    reason: Literal["completed", "failed", "declined", "cancelled", "missed", "busy"] | None = None


class OfCall(Input, kw_only=True):
    """Something about a call."""

    call: str


class EndOfCall(EndCall, kw_only=True):
    """``call:end``."""

    call: str


Sdp = Annotated[Any, msgspec.Meta(description="A session description, passed on as it is.")]
Candidate = Annotated[Any, msgspec.Meta(description="An ICE candidate, passed on as it is.")]


class Describe(OfCall, kw_only=True):
    """``call:offer`` and ``call:answer``; ``to`` is a device, all of the others' without it."""

    to: str | None = None
    sdp: Sdp = None


class Ice(OfCall, kw_only=True):
    """``call:ice``."""

    to: str | None = None
    candidate: Candidate = None
