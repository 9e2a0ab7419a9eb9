"""Keyset pages: an opaque cursor holds the place after which the next page begins."""

import base64
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypedDict, TypeVar

import msgspec
from rest_framework.request import Request

from core.errors import Invalid

LIMIT_DEFAULT = 50
LIMIT_MAX = 100

Row = TypeVar("Row")


class Place(NamedTuple):
    """What a list request asks for: rows after ``after`` (None: from the start), ``limit`` rows."""

    after: list[Any] | None
    limit: int

    def ints(self, count: int) -> list[int] | None:
        """The cursor as ``count`` integers; raises Invalid for a cursor of another list."""
        after = self.after
        if after is None:
            return None
        if len(after) != count or not all(type(part) is int for part in after):
            raise cursor_invalid()
        if not all(-(2**63) <= part < 2**63 for part in after):
            raise cursor_invalid()
        return after


class Page(TypedDict):
    """The answer of every list."""

    results: list[Any]
    next: str | None
    users: dict[str, Any]


def cursor_invalid() -> Invalid:
    """The refusal of a cursor that was not given out for this list."""
    return Invalid("cursor_invalid", "This cursor is not one of this list's.")


def place_of(request: Request) -> Place:
    """Reads ``?cursor=&limit=``; raises Invalid for a limit outside 1..100 or a broken cursor."""
    text = request.query_params.get("limit", "")
    limit = LIMIT_DEFAULT
    if text:
        limit = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0
        if not 1 <= limit <= LIMIT_MAX:
            message = f"Between 1 and {LIMIT_MAX}."
            raise Invalid("invalid", message, fields={"limit": [message]})
    cursor = request.query_params.get("cursor")
    if not cursor:
        return Place(None, limit)
    try:
        after = msgspec.json.decode(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, msgspec.DecodeError, RecursionError) as error:
        raise cursor_invalid() from error
    if not isinstance(after, list):
        raise cursor_invalid()
    return Place(after, limit)


def page(
    rows: Sequence[Row],
    place: Place,
    *,
    key: Callable[[Row], list[Any]],
    payload: Callable[[Row], Any],
    users: dict[str, Any],
) -> Page:
    """A page from up to ``limit + 1`` rows; ``key`` tells a row's place in the order."""
    shown = rows[: place.limit]
    following = None
    if len(rows) > place.limit:
        following = base64.urlsafe_b64encode(msgspec.json.encode(key(shown[-1]))).decode()
    return {
        "results": [payload(row) for row in shown],
        "next": following and following.rstrip("="),
        "users": users,
    }
