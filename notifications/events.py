"""What is pushed; what has a ``position`` stands in the receiver's personal log."""

from typing import TypedDict

from notifications.payloads import BadgePayload, NotificationPayload
from realtime.registry import event


@event("notification:new")
class NotificationNew(TypedDict):
    """Something happened."""

    notification: NotificationPayload
    position: int


@event("notification:read")
class NotificationsRead(TypedDict):
    """These were looked at, perhaps on another device."""

    notifications: list[str]
    read_at: str
    position: int


@event("notification:removed")
class NotificationRemoved(TypedDict):
    """What it told of is over: the request is answered, the reaction taken back."""

    notification: str
    position: int


event("badge")(BadgePayload)
