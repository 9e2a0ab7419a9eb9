"""JSON shapes of presence."""

from collections.abc import Mapping
from typing import TypedDict

from core.clock import rfc3339_or_none
from presence.queries import Presence


class PresenceRow(TypedDict):
    """What the caller may know of one person; null where not allowed or not known."""

    user: str
    online: bool | None
    last_seen: str | None


def presence_rows(presences: Mapping[int, Presence]) -> list[PresenceRow]:
    """Rows in the order of the mapping."""
    return [
        {
            "user": str(user_id),
            "online": presence.online,
            "last_seen": rfc3339_or_none(presence.last_seen),
        }
        for user_id, presence in presences.items()
    ]
