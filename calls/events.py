"""The data of every event of calls."""

from typing import Any, NotRequired, TypedDict

from accounts.payloads import Person
from calls.payloads import CallPayload
from realtime.registry import event


@event("call:new")
class CallNew(TypedDict):
    """Somebody rings; ``users`` names who is in the call."""

    call: CallPayload
    users: dict[str, Person]


@event("call:updated")
class CallUpdated(TypedDict):
    """A call has moved on. ``answered_elsewhere``: by another of the person's own devices."""

    call: CallPayload
    answered_elsewhere: NotRequired[bool]


class From(TypedDict):
    """Who signals, from which device."""

    user: str
    device: str | None


def _signal(name: str, **fields: Any) -> None:
    """Declares a signal: passed on between devices as it came, with who sent it."""
    shape = TypedDict("Signal", {"call": str, "from": From, **fields})  # type: ignore[misc]
    shape.__name__ = shape.__qualname__ = "".join(map(str.capitalize, name.split(":")))
    event(name)(shape)


_signal("call:offer", sdp=Any)
_signal("call:answer", sdp=Any)
_signal("call:ice", candidate=Any)
_signal("call:ringing")
_signal("call:reject")
_signal("call:end", reason=str | None)
