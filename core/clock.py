"""The one place that knows what time it is, and how times look on the wire."""

from datetime import UTC, datetime
from functools import lru_cache


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


@lru_cache(maxsize=64)  # a batch of messages shares one time
def rfc3339(at: datetime) -> str:
    """RFC 3339 in UTC with milliseconds: ``2026-11-21T07:00:00.123Z``."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def rfc3339_or_none(at: datetime | None) -> str | None:
    """``rfc3339``, passing None through."""
    return None if at is None else rfc3339(at)
