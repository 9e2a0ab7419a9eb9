"""What is pushed about statuses; a client reads the list anew when it connects."""

from typing import NotRequired, TypedDict

from accounts.payloads import Person
from realtime.registry import event
from statuses.payloads import SharedStatus


@event("status:new")
class StatusNew(TypedDict):
    """To the owner's devices and all who may see it; again once its picture can be shown."""

    status: SharedStatus
    users: NotRequired[dict[str, Person]]


@event("status:view")
class StatusView(TypedDict):
    """Somebody looked at it: to its owner, if both have read receipts on."""

    status: str
    user: str
    at: str


@event("status:deleted")
class StatusDeleted(TypedDict):
    """Its owner, or staff, took it down. That one runs out is not told: ``expires_at`` says it."""

    status: str
