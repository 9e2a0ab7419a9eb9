"""JSON shapes of notifications."""

from datetime import time
from typing import TypedDict

from accounts.payloads import Person
from core.clock import rfc3339, rfc3339_or_none
from notifications.models import Notification, Preferences, PushSubscription


class NotificationPayload(TypedDict):
    """Something that happened; ``data`` has ids by name, which ones depends on ``kind``."""

    id: str
    kind: str
    by: str | None
    data: dict[str, str | int]
    created_at: str
    read_at: str | None


class Notifications(TypedDict):
    """A page of them."""

    results: list[NotificationPayload]
    next: str | None
    users: dict[str, Person]


class BadgePayload(TypedDict):
    """Unread messages in chats that are not muted, plus unread notifications."""

    unread: int


class PreferencesPayload(TypedDict):
    """What a person wants to be told of; ``quiet_from`` and ``quiet_to`` as ``22:00`` or null."""

    push: bool
    preview: bool
    mail: bool
    reactions: bool
    connections: bool
    quiet_from: str | None
    quiet_to: str | None
    time_zone: str


class Subscribed(TypedDict):
    """This device's subscription."""

    endpoint: str
    created_at: str


class VapidKey(TypedDict):
    """The server's public key, which a browser subscribes with: base64url of 65 bytes."""

    key: str


def notification_payload(row: Notification) -> NotificationPayload:
    """As its owner sees it."""
    return {
        "id": str(row.pk),
        "kind": row.kind,
        "by": None if row.by_id is None else str(row.by_id),
        "data": row.data,
        "created_at": rfc3339(row.created_at),
        "read_at": rfc3339_or_none(row.read_at),
    }


def preferences_payload(row: Preferences) -> PreferencesPayload:
    """As their owner sees them."""
    return {
        "push": row.push,
        "preview": row.preview,
        "mail": row.mail,
        "reactions": row.reactions,
        "connections": row.connections,
        "quiet_from": _time_of_day(row.quiet_from),
        "quiet_to": _time_of_day(row.quiet_to),
        "time_zone": row.time_zone,
    }


def subscribed(row: PushSubscription) -> Subscribed:
    """As its owner sees it."""
    return {"endpoint": row.endpoint, "created_at": rfc3339(row.created_at)}


def _time_of_day(at: time | None) -> str | None:
    return None if at is None else at.isoformat("minutes")
