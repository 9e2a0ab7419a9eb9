"""Reads of notifications; for this app and those above it."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Min

from notifications.models import Notification, Preferences, PushAttempt

#: Of some people the number of unread messages in chats that are not muted; who has none may be
#: left out.
UnreadLookup = Callable[[Collection[int]], Mapping[int, int]]

#: Of some people, each with a time: what has come since, before another time if one is given, and
#: is unseen in chats that are not muted; who has none is left out.
NewsLookup = Callable[[Mapping[int, datetime], datetime | None], dict[int, "News"]]
#: Of some people the devices with an active socket; None when nobody knows.
ActiveLookup = Callable[[Collection[int]], Collection[int] | None]

_unread_lookup: UnreadLookup | None = None
_news_lookup: NewsLookup | None = None
_active_lookup: ActiveLookup | None = None


class News(NamedTuple):
    """Unseen messages of a person: in which chats, and of the newest its time, its place, its
    sender's name, its group's name (None in a direct chat), its kind and text.
    """

    chats: list[int]
    upto: datetime
    chat_id: int
    seq: int
    sender: str
    group: str | None
    kind: str
    text: str


def register_unread(lookup: UnreadLookup) -> None:
    """The chat app counts unread messages; this app may not import it."""
    global _unread_lookup
    _unread_lookup = lookup


def register_news(lookup: NewsLookup) -> None:
    """The chat app finds unseen messages, like ``register_unread``."""
    global _news_lookup
    _news_lookup = lookup


def register_active_devices(lookup: ActiveLookup) -> None:
    """Who is looked at is known to presence, which stands beside this app."""
    global _active_lookup
    _active_lookup = lookup


def news_of(since: Mapping[int, datetime], before: datetime | None = None) -> dict[int, News]:
    """What has come for each since their time, and is unseen; empty without the chat app."""
    return _news_lookup(since, before) if _news_lookup and since else {}


def active_devices(user_ids: Collection[int]) -> Collection[int]:
    """Devices with an active socket; none when nobody knows: better told twice than never."""
    return (_active_lookup(user_ids) if _active_lookup and user_ids else None) or ()


def pushes_of(chat_id: int, created_at: datetime, user_ids: Collection[int]) -> dict[int, datetime]:
    """Of a message: when each person was first pushed to because of it, as far as they were."""
    rows = PushAttempt.objects.filter(
        user_id__in=user_ids,
        upto__gte=created_at,
        since__lte=created_at,
        chats__contains=[chat_id],
        status__range=(200, 299),
    ).values("user_id")
    return dict(rows.annotate(first=Min("at")).values_list("user_id", "first"))


def badge_of(user_ids: Collection[int]) -> dict[int, int]:
    """The badge of each: counted, never kept. One query, and the one of the chat app."""
    rows = Notification.objects.filter(user_id__in=user_ids, read_at=None).values("user_id")
    counted = rows.annotate(n=Count("id")).values_list("user_id", "n")
    badges = {**dict.fromkeys(user_ids, 0), **dict(counted)}
    if _unread_lookup is not None:
        for user_id, unread in _unread_lookup(user_ids).items():
            badges[user_id] += unread
    return badges


def page_of(user_id: int, before: int | None, limit: int) -> list[Notification]:
    """Up to ``limit`` notifications older than the id ``before``, the newest first."""
    rows = Notification.objects.filter(user_id=user_id).order_by("-id")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows[:limit])


def preferences_of(user_id: int) -> Preferences:
    """The person's preferences; the defaults, unsaved, of somebody who never changed any."""
    return Preferences.objects.filter(user_id=user_id).first() or Preferences(user_id=user_id)
