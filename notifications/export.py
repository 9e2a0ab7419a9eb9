"""What of notifications people take along."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from accounts.export import Lines
from core.clock import rfc3339
from notifications.models import Notification, PushSubscription
from notifications.payloads import notification_payload, preferences_payload
from notifications.queries import preferences_of

ABOUT = """\
notifications.jsonl: what you were told of
notifications-settings.json: what you want to be told of, and how
push.jsonl: which of your devices get pushes, and from whose service"""

_ROWS = 500


def notifications(user_id: int) -> Iterator[Lines]:
    """The list, the preferences and the subscriptions."""
    rows = Notification.objects.filter(user_id=user_id).order_by("pk")
    yield Lines("notifications.jsonl", map(notification_payload, rows.iterator(chunk_size=_ROWS)))
    yield Lines("notifications-settings.json", _preferences(user_id))
    yield Lines("push.jsonl", _subscriptions(user_id))


def _preferences(user_id: int) -> Iterator[Any]:
    yield preferences_payload(preferences_of(user_id))


def _subscriptions(user_id: int) -> Iterator[Any]:
    """Without the rest of the endpoint: whoever knows that may push."""
    for row in PushSubscription.objects.filter(user_id=user_id).order_by("pk"):
        yield {
            "device": str(row.device_id),
            "service": urlsplit(row.endpoint).hostname,
            "since": rfc3339(row.created_at),
        }
