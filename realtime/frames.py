"""Frames of the socket: ``{"event": name, "ref": any?, "data": {...}}``."""

import re
from typing import Any, TypeVar

import msgspec

from core.errors import AppError, Invalid
from core.schema import decode

T = TypeVar("T")

NO_REF = msgspec.Raw(b"")
_EMPTY = msgspec.Raw(b"{}")
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|"
    r"(?P<lone>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)"
)
_NAME_AT = len('{"event":"')


class Frame(msgspec.Struct):
    """A client's frame; ``ref`` and ``data`` stay undecoded until the event's shape is known."""

    event: str
    ref: msgspec.Raw = NO_REF
    data: msgspec.Raw = _EMPTY


class _Ref(msgspec.Struct):
    ref: msgspec.Raw = NO_REF


_decoder = msgspec.json.Decoder(Frame)
_ref_decoder = msgspec.json.Decoder(_Ref)
_encoder = msgspec.json.Encoder()


def read_frame(text: str) -> Frame:
    """A text frame; raises Invalid when it is not JSON or not a frame."""
    try:
        return _decoder.decode(text)
    except msgspec.ValidationError as error:
        raise Invalid("invalid_frame", "A frame is an object with an event.") from error
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        mended = _without_lone_surrogates(text)
        if mended != text:
            return read_frame(mended)
        raise Invalid("invalid_json", "That is not JSON.") from error


def ref_of(text: str | bytes) -> msgspec.Raw:
    """The ``ref`` of what is no frame, so that its sender knows what was refused; or NO_REF."""
    try:
        return _ref_decoder.decode(text).ref
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return NO_REF


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


def _without_lone_surrogates(text: str) -> str:
    """``text`` with NUL, refused where text is kept, for each escape of half a character.

    Those are JSON, but the decoder takes a frame with one for no JSON and would lose its ``ref``.
    """
    return _ESCAPE.sub(lambda found: r"\u0000" if found["lone"] else found[0], text)
