"""What is pushed about presence: at most once, with no place in a log."""

from typing import TypedDict

from realtime.registry import event


@event("user:online")
class UserOnline(TypedDict):
    """A connection has an active device again."""

    user: str


@event("user:offline")
class UserOffline(TypedDict):
    """A connection has no active device; ``last_seen`` is null for who may not know it."""

    user: str
    last_seen: str | None
