"""Events of this app, as pushed and as they stand in the personal log."""

from typing import TypedDict

from accounts.payloads import Person
from realtime.registry import event


@event("user:updated")
class UserUpdated(TypedDict):
    """Someone I know, or I myself, has another name or picture now; it stands in ``users``. Or I
    have other privacy settings, which only ``users/me/`` tells.
    """

    user: str
    users: dict[str, Person]
    position: int


@event("user:erased")
class UserErased(TypedDict):
    """Someone I knew has erased their account; their profile reads "Deleted account" now."""

    user: str
    position: int
