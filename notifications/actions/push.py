"""What is worth a push. It is decided when a push is sent, not when something happens.

A push for messages has no message of its own: it tells how things stand, so that many messages
need one push only, and what was seen, muted or deleted meanwhile needs none.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import procrastinate
from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from accounts.payloads import people
from core.clock import now
from notifications.actions.sending import Later, Push, ready, send
from notifications.models import Notification, PushAttempt, PushSubscription
from notifications.queries import News, active_devices, badge_of, news_of

# Subscriptions of one job.
_PORTION = 50
# After the first failure; three times as long after each further one.
_RETRY_SECONDS = 10
_MESSAGE = "message"

# For what is no answer of a push service: the database is away. Behind codes by mail and SMS, that
# somebody waits for.
_retry = procrastinate.RetryStrategy(max_attempts=6, exponential_wait=3)


def push_soon(user_ids: Collection[int], since: datetime) -> None:
    """Has people told who got messages since then, on those devices that have no active socket.

    Three quick queries and a job for each 50 subscriptions; the rest is the worker's.
    """
    for ids in _portions(user_ids):
        push_messages.defer(subscriptions=ids, since=since.isoformat())


def push_passing(
    user_ids: Collection[int], kind: str, data: Mapping[str, str], *, by: int, seconds: int
) -> None:
    """Has people told at once of what will be over in so many seconds: a call that rings.

    The jobs commit with the caller's transaction. What cannot be told in time is not told.
    """
    until = (now() + timedelta(seconds=seconds)).isoformat()
    for ids in _portions(user_ids):
        push_now.defer(subscriptions=ids, kind=kind, data=dict(data), by=by, until=until)


def _portions(user_ids: Collection[int]) -> Iterator[list[Any]]:
    """The subscriptions of those devices of some people that have no active socket."""
    rows = PushSubscription.objects.filter(user_id__in=user_ids).order_by("pk")
    found = list(rows.values_list("pk", "user_id", "device_id"))
    active = active_devices({user_id for _, user_id, _ in found})
    ids = [pk for pk, _, device_id in found if device_id not in active]
    for begin in range(0, len(ids), _PORTION):
        yield ids[begin : begin + _PORTION]


def push_notifications(rows: Iterable[Notification]) -> None:
    """Has the owners of new notifications told; the jobs commit with them."""
    owners = {row.user_id: row for row in rows}
    found = PushSubscription.objects.filter(user_id__in=owners).order_by("pk")
    subscriptions: dict[int, list[Any]] = {}
    for pk, user_id in found.values_list("pk", "user_id"):
        subscriptions.setdefault(user_id, []).append(pk)
    # In the worker a job does not wait for the transaction; the delay does instead.
    soon = push_notification.configure(schedule_in={"seconds": settings.PUSH_DELAY_SECONDS})
    for user_id, ids in subscriptions.items():
        soon.defer(notification=owners[user_id].pk, subscriptions=ids)


@app.task(name="notifications.push_messages", queue="notify", priority=-1, retry=_retry)
def push_messages(subscriptions: list[int], since: str, attempt: int = 1) -> None:
    """Tells subscriptions that messages have come since then, if some are unseen.

    Left out are those that were told of the newest one already.
    """
    start = datetime.fromisoformat(since)
    to, later, preferences = ready(subscriptions)
    news = news_of(dict.fromkeys((one.user_id for one in to), start))
    badges = badge_of(news)
    pushes = []
    for one in to:
        new = news.get(one.user_id)
        if new is None or (one.told_upto is not None and one.told_upto >= new.upto):
            continue
        payload: dict[str, Any] = {"kind": _MESSAGE, "unread": badges[one.user_id]}
        if preferences[one.user_id].preview:
            payload |= _preview(new)
        pushes.append(Push(one, payload, _MESSAGE, chats=new.chats, since=start, upto=new.upto))
    for put_off in later + send(pushes):
        _again(push_messages, put_off, attempt, "messages", since=since)


@app.task(name="notifications.push_notification", queue="notify", priority=-1, retry=_retry)
def push_notification(notification: int, subscriptions: list[int], attempt: int = 1) -> None:
    """Tells subscriptions of a notification, unless it was read or taken back.

    Left out are those that were told of it already.
    """
    row = Notification.objects.filter(pk=notification, read_at=None).first()
    if row is None:
        return
    told = PushAttempt.objects.filter(
        user_id=row.user_id, notification=row.pk, status__range=(200, 299)
    )
    done = set(told.values_list("device", flat=True))
    to, later, preferences = ready(subscriptions)
    to = [one for one in to if one.user_id == row.user_id and one.device_id not in done]
    payload: dict[str, Any] = {"kind": row.kind, "unread": badge_of([row.user_id])[row.user_id]}
    if to and preferences[row.user_id].preview:
        by = people([] if row.by_id is None else [row.by_id])
        payload |= {"by": next(iter(by.values()), None), "data": row.data}
    pushes = [Push(one, payload, row.kind, notification=row.pk) for one in to]
    for put_off in later + send(pushes):
        _again(push_notification, put_off, attempt, str(row.pk), notification=row.pk)


@app.task(name="notifications.push_now", queue="notify")
def push_now(subscriptions: list[int], kind: str, data: Any, by: int, until: str) -> None:
    """Tells subscriptions of what passes, once, and only while it lasts."""
    left = int((datetime.fromisoformat(until) - now()).total_seconds())
    to, _, preferences = ready(subscriptions)
    if left <= 0 or not to:
        return
    badges = badge_of({one.user_id for one in to})
    preview = {"by": people([by]).get(str(by)), "data": data}
    pushes = []
    for one in to:
        payload: dict[str, Any] = {"kind": kind, "unread": badges[one.user_id]}
        if preferences[one.user_id].preview:
            payload |= preview
        pushes.append(Push(one, payload, kind, ttl_seconds=left))
    send(pushes)


def _preview(new: News) -> dict[str, Any]:
    return {
        "chat": str(new.chat_id),
        "seq": new.seq,
        "sender": new.sender,
        "group": new.group,
        "message_kind": new.kind,
        "text": new.text[: settings.PUSH_PREVIEW_CHARS],
    }


def _again(task: Any, later: Later, attempt: int, what: str, **cause: Any) -> None:
    """Defers a task anew for one subscription: once for all of a night, PUSH_TRIES times else."""
    options: dict[str, Any] = {"schedule_at": later.at}
    if later.at is not None:
        options["queueing_lock"] = f"quiet:{later.subscription_id}:{what}"
    elif attempt >= settings.PUSH_TRIES:
        return
    else:
        seconds = later.retry_after or _RETRY_SECONDS * 3 ** (attempt - 1)
        options = {"schedule_in": {"seconds": seconds}}
        attempt += 1
    try:
        with transaction.atomic():
            task.configure(**options).defer(
                subscriptions=[later.subscription_id], attempt=attempt, **cause
            )
    except AlreadyEnqueued:
        pass
