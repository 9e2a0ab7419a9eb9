"""What others are told of a member's marks: in groups those who wrote, and not too often."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from django.conf import settings
from django.db import connection

from chat.payloads import MarkPayload, mark_payload
from chat.sql.marks import SENDERS_COVERED
from realtime import runtime
from realtime.bridge import run_in_thread
from realtime.bus import publish

MarkKind = Literal["delivered", "seen"]


@dataclass(frozen=True, slots=True)
class Marks:
    """A member's marks after a raise, and what of it others may be told: in a direct chat the peer
    if the two are connected, in a group (without peer) those who sent what is newly covered.
    """

    chat_id: int
    user_id: int
    head: int
    was_delivered: int
    was_seen: int
    delivered: int
    seen: int
    at: datetime
    peer_id: int | None
    is_connected: bool
    tells_seen: bool

    def payload(self, kind: MarkKind) -> MarkPayload:
        """One of the marks, as replies and pushes carry it."""
        seq = self.seen if kind == "seen" else self.delivered
        return mark_payload(self.chat_id, self.user_id, seq, self.at)


_risen: dict[tuple[int, int], Marks] = {}
_telling: set["asyncio.Task[None]"] = set()


def tell_senders(marks: Marks) -> None:
    """Tells those who wrote what a mark in a group newly covers.

    Raises that come within GROUP_RECEIPTS_SECONDS are told as one (on the loop; elsewhere, as in
    the worker, at once): a thousand readers of a busy group would drown its writers otherwise.
    """
    if not runtime.is_on_loop():
        _tell([marks])
        return
    member = marks.chat_id, marks.user_id
    before = _risen.get(member)
    if before is not None:
        _risen[member] = replace(
            marks, was_delivered=before.was_delivered, was_seen=before.was_seen
        )
        return
    if not _risen:
        task = asyncio.create_task(_tell_soon())
        _telling.add(task)
        task.add_done_callback(_telling.discard)
    _risen[member] = marks


async def _tell_soon() -> None:
    await asyncio.sleep(settings.GROUP_RECEIPTS_SECONDS)
    risen = list(_risen.values())
    _risen.clear()
    await run_in_thread(_tell, risen)


def _tell(risen: Iterable[Marks]) -> None:
    """One query for all of them."""
    news: list[tuple[Marks, MarkKind, int, int]] = []
    for marks in risen:
        if marks.seen > marks.was_seen and marks.tells_seen:
            news.append((marks, "seen", marks.was_seen, marks.seen))
        if marks.delivered > marks.was_delivered:
            news.append((marks, "delivered", marks.was_delivered, marks.delivered))
    params = {
        "i": list(range(len(news))),
        "chat": [marks.chat_id for marks, *_ in news],
        "user": [marks.user_id for marks, *_ in news],
        "after": [max(was, upto - settings.GROUP_RECEIPTS_SPAN) for *_, was, upto in news],
        "upto": [upto for *_, upto in news],
        "is_seen": [kind == "seen" for _, kind, *_ in news],
    }
    with connection.cursor() as cursor:
        cursor.execute(SENDERS_COVERED, params)
        for i, senders in cursor.fetchall():
            marks, kind, *_ = news[i]
            if senders:
                publish(senders, f"message:{kind}", marks.payload(kind))
