"""What people have not seen yet, for the app that notifies them."""

import asyncio
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import structlog
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import Q
from django.db.models.functions import Now

from chat.models import Membership
from chat.sql.unseen import BADGES, NEWS
from notifications.actions.push import push_soon
from notifications.queries import News
from realtime import runtime
from realtime.bridge import run_in_thread
from realtime.lifecycle import on_start, on_stop
from realtime.tasks import end

log = structlog.get_logger(__name__)


#: The memberships of those who want to hear of the chat.
UNMUTED = Q(muted_until=None) | Q(muted_until__lte=Now())


class _Sent(NamedTuple):
    """What has been sent to a chat lately: since when, and by whom; None: by several."""

    since: datetime
    sender_id: int | None


#: By chat, what no push was thought of yet.
_sent: dict[int, _Sent] = {}
_wakeup: asyncio.Event | None = None
_tasks: list["asyncio.Task[None]"] = []


def unread_of(user_ids: Collection[int]) -> dict[int, int]:
    """The unread messages of each in chats that are not muted; nobody who has none. One query."""
    with connection.cursor() as cursor:
        cursor.execute(BADGES, {"user": list(user_ids)})
        return dict(cursor.fetchall())


def news_of(since: Mapping[int, datetime], before: datetime | None) -> dict[int, News]:
    """What has come for each since their time and is unseen; nobody who has none. One query."""
    params: dict[str, Any] = {"user": list(since), "since": list(since.values()), "before": before}
    news: dict[int, News] = {}
    with connection.cursor() as cursor:
        cursor.execute(NEWS, params)
        for user_id, upto, chat_id, *newest in cursor.fetchall():
            if user_id in news:
                news[user_id].chats.append(chat_id)
            else:
                news[user_id] = News([chat_id], upto, chat_id, *newest)
    return news


def note_sent(chat_id: int, sender_id: int, at: datetime) -> None:
    """A message was committed: its readers are pushed to within PUSH_DELAY_SECONDS.

    On the hot path: on the loop it is only noted. Elsewhere, as in the worker, it is done on
    commit.
    """
    if not runtime.is_on_loop():
        sent = {chat_id: _Sent(at, sender_id)}
        transaction.on_commit(lambda: _push(sent), robust=True)
    elif _wakeup is not None:
        before = _sent.get(chat_id)
        if before is None:
            _sent[chat_id] = _Sent(at, sender_id)
            _wakeup.set()
        elif before.sender_id != sender_id:
            _sent[chat_id] = before._replace(sender_id=None)


@on_start
async def _start() -> None:
    global _wakeup
    _wakeup = asyncio.Event()
    _tasks.append(asyncio.create_task(_push_for_ever(_wakeup)))


@on_stop
async def _stop() -> None:
    """Nothing that was noted waits for another process."""
    global _wakeup
    _wakeup = None
    await end(_tasks)
    await _push_noted()


async def _push_for_ever(wakeup: asyncio.Event) -> None:
    while True:
        await wakeup.wait()
        await asyncio.sleep(settings.PUSH_DELAY_SECONDS)
        wakeup.clear()
        await _push_noted()


async def _push_noted() -> None:
    sent = dict(_sent)
    _sent.clear()
    try:
        await run_in_thread(_push, sent)
    except DatabaseError as error:  # a push is a hint; the badge tells the rest
        log.warning("push_forgotten", chats=len(sent), error=str(error))


def _push(sent: Mapping[int, _Sent]) -> None:
    if not sent:
        return
    members = Membership.objects.filter(UNMUTED, chat_id__in=sent)
    readers = {
        user_id
        for chat_id, user_id in members.values_list("chat_id", "user_id")
        if user_id != sent[chat_id].sender_id
    }
    push_soon(readers, min(one.since for one in sent.values()))
