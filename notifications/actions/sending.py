"""Sending pushes: to which subscriptions, and what their push services answer."""

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.db.models import F

from core.clock import now
from notifications.delivery import Answer, deliver
from notifications.models import Preferences, PushAttempt, PushSubscription
from notifications.queries import active_devices
from notifications.quiet import quiet_until

log = structlog.get_logger(__name__)

# Push services that one job talks to at the same time.
_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Push:
    """What to tell a subscription, and what of it stays in the trace."""

    subscription: PushSubscription
    payload: Mapping[str, Any]
    kind: str
    ttl_seconds: int = field(default_factory=lambda: settings.PUSH_TTL_SECONDS)
    notification: int | None = None
    chats: list[int] = field(default_factory=list)
    since: datetime | None = None
    upto: datetime | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """A subscription to try again: when its quiet hours end, or after a failure, for which the push
    service may have named the seconds.
    """

    subscription_id: int
    at: datetime | None = None
    retry_after: int | None = None


class Ready(NamedTuple):
    """Who may be pushed to now, who later, and what each person wants."""

    subscriptions: list[PushSubscription]
    later: list[Later]
    preferences: dict[int, Preferences]


def ready(subscription_ids: Collection[int]) -> Ready:
    """Looks anew at devices, accounts, settings and clocks: at the time of sending.

    Left out are devices that are signed out or have an active socket, people who are suspended or
    want no pushes.
    """
    rows = list(
        PushSubscription.objects.filter(
            pk__in=subscription_ids, device__revoked_at=None, user__is_active=True
        )
    )
    user_ids = {row.user_id for row in rows}
    preferences = {user_id: Preferences(user_id=user_id) for user_id in user_ids}
    preferences |= Preferences.objects.in_bulk(user_ids)
    active = active_devices(user_ids)
    at = now()
    found = Ready([], [], preferences)
    for row in rows:
        if row.device_id in active or not preferences[row.user_id].push:
            continue
        until = quiet_until(preferences[row.user_id], at)
        if until is None:
            found.subscriptions.append(row)
        else:
            found.later.append(Later(row.pk, at=until))
    return found


def send(pushes: Sequence[Push]) -> list[Later]:
    """Sends them, several at once, and keeps each answer as it comes; which to try again."""
    if not pushes:
        return []
    later: list[Later] = []
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="push") as pool:
        sending = {pool.submit(_deliver, push): push for push in pushes}
        for done in as_completed(sending):
            push, answer = sending[done], done.result()
            if _keep(push, answer):
                later.append(Later(push.subscription.pk, retry_after=answer.retry_after))
    return later


def _deliver(push: Push) -> Answer:
    # The push service reads the topic: no ids.
    topic = push.kind.replace("_", "-")
    return deliver(push.subscription, push.payload, topic, push.ttl_seconds)


def _keep(push: Push, answer: Answer) -> bool:
    """Keeps an answer for the trace, and drops a subscription that is gone, or failed too often;
    whether to try again.
    """
    subscription = push.subscription
    PushAttempt.objects.create(
        user_id=subscription.user_id,
        device=subscription.device_id,
        host=urlsplit(subscription.endpoint).hostname or "",
        kind=push.kind,
        notification=push.notification,
        chats=push.chats,
        since=push.since,
        upto=push.upto,
        status=answer.status,
        at=now(),
    )
    rows = PushSubscription.objects.filter(pk=subscription.pk)
    if answer.is_taken:
        rows.update(failures=0, **({"told_upto": push.upto} if push.upto else {}))
        return False
    log.warning("push_failed", status=answer.status, subscription=subscription.pk)
    if answer.is_gone:
        rows.delete()
        return False
    rows.update(failures=F("failures") + 1)
    # A client that is still there subscribes again when it starts.
    dropped, _ = rows.filter(failures__gte=settings.PUSH_FAILURES_MAX).delete()
    return answer.is_passing and not dropped
