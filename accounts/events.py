"""Events of this app, as pushed and as they stand in the personal log."""

from typing import TypedDict

from realtime.registry import event


@event("user:erased")
class UserErased(TypedDict):
    """Someone I knew has erased their account; their profile reads "Deleted account" now."""

    user: str
    position: int
