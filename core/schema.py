"""Input shapes, shared by both doors: msgspec structs, decoded strictly.

Unknown fields are ignored, so that a client newer than the server still works.
"""

import unicodedata
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

import msgspec

from core.errors import Invalid

T = TypeVar("T")


class Input(msgspec.Struct, kw_only=True):
    """Base of every input shape."""


ClientId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,64}\Z")]
"""A client's own name for an act, for idempotence."""

Seq = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
"""A place in a log; JSON numbers are exact to 2^53."""

Moment = Annotated[datetime, msgspec.Meta(tz=True)]
"""A time with its offset, as RFC 3339 has it; see ``moment``."""


def moment(at: datetime, field: str) -> datetime:
    """A client's time in UTC, cut to the milliseconds that times have on the wire.

    Raises Invalid, with the field named, for one that no calendar has: year 1 or 9999, far east or
    west.
    """
    try:
        there = at.astimezone(UTC)
    except OverflowError as error:
        raise Invalid("invalid", "No such time.", fields={field: ["No such time."]}) from error
    return there.replace(microsecond=there.microsecond // 1000 * 1000)


def parse(shape: type[T], data: object, *, lax: bool = False) -> T:
    """``data`` (decoded JSON) as ``shape``; ``lax`` reads numbers from strings (query strings).

    Raises Invalid, with the offending field named.
    """
    try:
        return msgspec.convert(data, shape, strict=not lax)
    except msgspec.ValidationError as error:
        raise invalid(error) from error
    except RecursionError as error:
        raise Invalid("invalid", "Nested too deeply.") from error


def decode(raw: bytes | str, decoder: "msgspec.json.Decoder[T]") -> T:
    """JSON text through ``decoder``.

    Raises Invalid for what is no JSON, has NUL characters or lone surrogates (PostgreSQL can store
    neither), is nested too deeply or of the wrong shape.
    """
    try:
        value = decoder.decode(raw)
    except msgspec.ValidationError as error:
        raise invalid(error) from error
    except (msgspec.DecodeError, UnicodeError) as error:
        raise Invalid("invalid_json", "That is not JSON.") from error
    except RecursionError as error:
        raise Invalid("invalid_json", "Nested too deeply.") from error
    if _may_hold_nul(raw) and _has_nul(msgspec.to_builtins(value)):
        raise Invalid("invalid_text", "NUL and half characters cannot be stored.")
    return value


def one_line(field: str, text: str) -> str:
    """``text`` without white space around it; raises Invalid for line breaks and controls."""
    text = text.strip()
    if any(unicodedata.category(character) in {"Cc", "Zl", "Zp"} for character in text):
        message = "One line without control characters."
        raise Invalid("invalid", message, fields={field: [message]})
    return text


def invalid(error: msgspec.ValidationError) -> Invalid:
    """A validation error as a refusal: msgspec ends its message with the path of the field."""
    text, _, path = str(error).partition(" - at `$")
    name = path.rstrip("`").lstrip(".").split("[")[0].split(".")[0]
    if not name and text.startswith("Object missing required field `"):
        name = text.split("`")[1]
        text = "This field is required."
    return Invalid("invalid", text, fields={name: [text]} if name else None)


def _may_hold_nul(raw: bytes | str) -> bool:
    return "\\u0000" in raw if isinstance(raw, str) else b"\\u0000" in raw


def _has_nul(value: Any) -> bool:
    # Not by recursion: what the decoder takes may be nested deeper than Python calls itself.
    parts = [value]
    while parts:
        part = parts.pop()
        if isinstance(part, str):
            if "\0" in part:
                return True
        elif isinstance(part, dict):
            parts.extend(part)
            parts.extend(part.values())
        elif isinstance(part, list):
            parts.extend(part)
    return False
