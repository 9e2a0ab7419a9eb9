"""One push to one push service (RFC 8030)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec

from core.clock import now
from core.fetch import Budget, FetchError, exchange, locate
from notifications.models import PushSubscription
from notifications.vapid import authorization
from notifications.webpush import seal

_RETRY_AFTER_MAX_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Answer:
    """What the push service said: an HTTP status, 0 for nothing; ``retry_after`` in seconds."""

    status: int
    retry_after: int | None = None

    @property
    def is_taken(self) -> bool:
        """The push service has it."""
        return 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        """The subscription is no more."""
        return self.status in {404, 410}

    @property
    def is_passing(self) -> bool:
        """It may go better later."""
        return self.status in {0, 408, 429} or self.status >= 500


def deliver(
    subscription: PushSubscription, payload: Mapping[str, Any], topic: str, ttl_seconds: int
) -> Answer:
    """Seals and posts a payload. The endpoint is judged anew: a name may lead elsewhere by now.

    For a sleeping browser the service keeps it so long; of pushes of one ``topic`` the last.
    """
    body = seal(msgspec.json.encode(payload), subscription.p256dh, subscription.auth)
    headers = {
        "Authorization": authorization(subscription.endpoint),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(ttl_seconds),
        # The default is for what may wait until a phone wakes by itself.
        "Urgency": "high",
        "Topic": topic,
    }
    budget = Budget()
    try:
        place = locate(subscription.endpoint, schemes=("https",), budget=budget)
        with exchange("POST", place, headers=headers, body=body, budget=budget) as response:
            return Answer(response.status, _seconds(response.headers.get("Retry-After")))
    except FetchError:
        return Answer(0)


def _seconds(retry_after: str | None) -> int | None:
    """The header, which is a number of seconds or a date."""
    if retry_after is None:
        return None
    if retry_after.isascii() and retry_after.isdecimal():
        seconds = float(retry_after[:9])
    else:
        try:
            at = parsedate_to_datetime(retry_after)
        except ValueError:
            return None
        seconds = (_aware(at) - now()).total_seconds()
    return int(min(max(seconds, 1), _RETRY_AFTER_MAX_SECONDS))


def _aware(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)
