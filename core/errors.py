"""The errors that clients may see: a stable code, a message for people, an HTTP status.

Raised by access functions, actions and schemas; rendered in exactly two places, ``core.http`` and
``realtime.consumer``. Codes are listed in docs/protocol.md and never renamed.
"""

from typing import ClassVar, TypedDict


class ErrorPayload(TypedDict, total=False):
    """What stands under ``error`` in an HTTP answer and as ``data`` of a socket's ``error``."""

    code: str
    message: str
    fields: dict[str, list[str]]
    retry_after: int


class AppError(Exception):
    """A refusal with a stable ``code``; ``fields`` names inputs, ``retry_after`` is in seconds."""

    status: ClassVar[int] = 400

    def __init__(
        self,
        code: str,
        message: str,
        *,
        fields: dict[str, list[str]] | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.fields = fields
        self.retry_after = retry_after

    def payload(self) -> ErrorPayload:
        """The error as clients see it."""
        data = ErrorPayload(code=self.code, message=self.message)
        if self.fields:
            data["fields"] = self.fields
        if self.retry_after is not None:
            data["retry_after"] = self.retry_after
        return data


class Invalid(AppError):
    """400: the input is wrong whoever sends it."""


class Unauthenticated(AppError):
    """401: no token, or one that is not or no longer good."""

    status = 401


class Forbidden(AppError):
    """403: the thing is known to the caller, the act is not allowed."""

    status = 403


class NotFound(AppError):
    """404: absent, or not the caller's to see; the two look alike."""

    status = 404

    def __init__(
        self,
        code: str = "not_found",
        message: str = "There is no such thing.",
        *,
        fields: dict[str, list[str]] | None = None,
    ) -> None:
        super().__init__(code, message, fields=fields)


class Conflict(AppError):
    """409: the state of things does not allow it (any more)."""

    status = 409


class Gone(AppError):
    """410: expired or used."""

    status = 410


class TooLarge(AppError):
    """413: over a size limit."""

    status = 413


class UnsupportedType(AppError):
    """415: a content type that is not taken here."""

    status = 415


class RateLimited(AppError):
    """429: too many; ``retry_after`` seconds tell when to come again."""

    status = 429

    def __init__(self, retry_after: float, code: str = "rate_limited") -> None:
        seconds = max(1, -int(-retry_after // 1))
        super().__init__(code, f"Too many. Try again in {seconds} s.", retry_after=seconds)


class Unavailable(AppError):
    """503: a part is away for now; nothing was done that was not said."""

    status = 503

    def __init__(self, message: str = "The server cannot do this now. Try again.") -> None:
        super().__init__("unavailable", message, retry_after=1)
