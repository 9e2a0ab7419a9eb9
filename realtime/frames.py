"""Frames of the socket: ``{"event": name, "ref": any?, "data": {...}}``."""

from typing import Any, TypeVar

import msgspec

from core.errors import AppError, Invalid
from core.schema import decode

T = TypeVar("T")

NO_REF = msgspec.Raw(b"")
_EMPTY = msgspec.Raw(b"{}")
_NAME_AT = len('{"event":"')


class Frame(msgspec.Struct):
    """A client's frame; ``ref`` and ``data`` stay undecoded until the event's shape is known."""

    event: str
    ref: msgspec.Raw = NO_REF
    data: msgspec.Raw = _EMPTY


_decoder = msgspec.json.Decoder(Frame)
_encoder = msgspec.json.Encoder()


def read_frame(text: str) -> Frame:
    """A text frame; raises Invalid when it is not JSON or not a frame."""
    try:
        return _decoder.decode(text)
    except msgspec.ValidationError as error:
        raise Invalid("invalid_frame", "A frame is an object with an event.") from error
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise Invalid("invalid_json", "That is not JSON.") from error


def read_data(frame: Frame, decoder: "msgspec.json.Decoder[T]") -> T:
    """The frame's data in the shape of its event; raises Invalid."""
    return decode(bytes(frame.data), decoder)


def encode(event: str, data: Any, ref: msgspec.Raw = NO_REF) -> str:
    """The text of a frame of the server's."""
    message: dict[str, Any] = {"event": event}
    if bytes(ref):
        message["ref"] = ref
    message["data"] = data
    return _encoder.encode(message).decode()


def name_of(text: str) -> str:
    """The event of a frame that ``encode`` has made without a ``ref``."""
    return text[_NAME_AT : text.index('"', _NAME_AT)]


def encode_error(error: AppError, ref: msgspec.Raw = NO_REF) -> str:
    """The text of an ``error`` frame."""
    return encode("error", error.payload(), ref)
