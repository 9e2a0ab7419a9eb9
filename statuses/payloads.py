"""How statuses look in JSON."""

from typing import TypedDict

from core.clock import rfc3339
from media.payloads import MediaPayload
from statuses.models import Status


class SharedStatus(TypedDict):
    """A status as pushes carry it: the same for all who may see it."""

    id: str
    user: str
    kind: str
    text: str | None
    media: MediaPayload | None
    background: str | None
    created_at: str
    expires_at: str


class StatusPayload(SharedStatus):
    """As one viewer sees it; ``views_count`` is null on others'."""

    viewed: bool
    views_count: int | None


class ViewPayload(TypedDict):
    """Who has looked at a status of one's own."""

    user: str
    at: str


class SettingsPayload(TypedDict):
    """Whether the person wants statuses."""

    enabled: bool


def shared_status(status: Status, medium: MediaPayload | None) -> SharedStatus:
    """The same for everybody."""
    return {
        "id": str(status.pk),
        "user": str(status.user_id),
        "kind": status.kind,
        "text": status.text or None,
        "media": medium,
        "background": status.background or None,
        "created_at": rfc3339(status.created_at),
        "expires_at": rfc3339(status.expires_at),
    }
