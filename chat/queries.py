"""Reads of chats: a fixed number of queries each, whatever the number of rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Min, Q, QuerySet

from accounts.models import User
from chat.access import Access, message_not_found
from chat.models import Chat, Membership, Message, Receipt
from chat.payloads import MessageRow
from chat.schemas import History
from chat.sql import CHAT_PAGE, CHATS_BY_ID
from core.errors import Invalid


class ChatRow(NamedTuple):
    """A chat as one member sees it, with its preview; the columns of ``chat.sql``."""

    id: int
    kind: str
    name: str
    low_id: int | None
    high_id: int | None
    head: int
    created_at: datetime
    active_at: datetime
    role: str
    delivered: int
    seen: int
    start: int
    peer_delivered: int | None
    peer_seen: int | None
    tells_seen: bool
    members: int
    unread: int
    seq: int | None
    sender_id: int | None
    client_id: str | None
    last_kind: str
    text: str
    last_created_at: datetime
    last_deleted_at: datetime | None

    def peer_of(self, user_id: int) -> int | None:
        """The other one of a direct chat."""
        return self.high_id if user_id == self.low_id else self.low_id

    def last(self) -> MessageRow | None:
        """The preview; None in an empty chat."""
        if self.seq is None:
            return None
        return MessageRow(
            self.id,
            self.seq,
            self.sender_id,
            self.client_id,
            self.last_kind,
            self.text,
            self.last_created_at,
            self.last_deleted_at,
        )


def chat_page(
    user_id: int, *, kind: str | None, after: tuple[datetime, int] | None, limit: int
) -> list[ChatRow]:
    """Up to ``limit`` of a person's chats by latest activity, after the place ``after``."""
    at, chat_id = after or (None, None)
    params = {"user": user_id, "kind": kind, "after_at": at, "after_id": chat_id, "limit": limit}
    return _chat_rows(CHAT_PAGE, params)


def chats_by_id(user_id: int, ids: Iterable[int]) -> list[ChatRow]:
    """Those of ``ids`` that are the person's chats."""
    return _chat_rows(CHATS_BY_ID, {"user": user_id, "ids": list(ids)})


def _chat_rows(sql: str, params: dict[str, Any]) -> list[ChatRow]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [ChatRow(*row) for row in cursor.fetchall()]


def direct_chats(user_id: int, others: Sequence[int]) -> dict[int, int]:
    """The direct chats between the person and each of ``others``, where there is one."""
    rows = Chat.objects.filter(
        Q(low_id=user_id, high_id__in=others) | Q(high_id=user_id, low_id__in=others)
    ).values_list("low_id", "high_id", "id")
    return {high if low == user_id else low: chat_id for low, high, chat_id in rows}


def message_rows(rows: QuerySet[Message]) -> list[MessageRow]:
    """Messages as plain rows, without ORM objects."""
    return [MessageRow(*row) for row in rows.values_list(*MessageRow._fields)]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a history, ascending, and whether there is more on either side."""

    rows: list[MessageRow]
    has_more_before: bool
    has_more_after: bool


def history(access: Access, place: History) -> Part:
    """The messages at a place of the chat, by keyset on (chat, seq): its depth costs nothing.

    Raises Invalid when more than one of before, after and around is given.
    """
    if sum(part is not None for part in (place.before, place.after, place.around)) > 1:
        raise Invalid("invalid", "Only one of before, after and around.")
    limit = place.limit
    shown = Message.objects.filter(chat=access.chat, seq__gt=access.membership.start)
    if place.after is not None:
        newer = _ascending(shown, place.after, limit + 1)
        rows = newer[:limit]
        return Part(rows, _has_before(shown, rows, place.after), len(newer) > limit)
    if place.around is not None:
        # The message itself counts to the newer half.
        older = _descending(shown, place.around, limit // 2 + 1)
        newer = _ascending(shown, place.around - 1, limit - limit // 2 + 1)
        more = len(older) > limit // 2, len(newer) > limit - limit // 2
        rows = older[-(limit // 2) :] if limit // 2 else []
        return Part(rows + newer[: limit - limit // 2], *more)
    older = _descending(shown, place.before, limit + 1)
    has_more_after = place.before is not None and _is_any(shown.filter(seq__gte=place.before))
    return Part(older[-limit:], len(older) > limit, has_more_after)


def _ascending(shown: QuerySet[Message], after: int, limit: int) -> list[MessageRow]:
    return message_rows(shown.filter(seq__gt=after).order_by("seq")[:limit])


def _descending(shown: QuerySet[Message], before: int | None, limit: int) -> list[MessageRow]:
    if before is not None:
        shown = shown.filter(seq__lt=before)
    return message_rows(shown.order_by("-seq")[:limit])[::-1]


def _has_before(shown: QuerySet[Message], rows: list[MessageRow], after: int) -> bool:
    first = rows[0].seq if rows else after + 1
    return _is_any(shown.filter(seq__lt=first))


def _is_any(shown: QuerySet[Message]) -> bool:
    # Ordered, unlike exists(): or the planner reads the table from its start, in the hope of soon
    # meeting a message of a chat that has many.
    return bool(shown.order_by("seq").values_list("seq")[:1])


@dataclass(frozen=True, slots=True)
class OthersMarks:
    """The least marks of the other members, as far as the viewer may know them."""

    delivered: int
    seen: int


def others_marks(access: Access) -> OthersMarks:
    """What decides the status of the viewer's messages. One query.

    Members with receipts off are left out of ``seen``; a viewer with receipts off sees none.
    """
    viewer = access.membership.user_id
    others = Membership.objects.filter(chat=access.chat).exclude(user_id=viewer)
    telling = Q(user__read_receipts=True)
    marks = others.aggregate(delivered=Min("delivered"), seen=Min("seen", filter=telling))
    is_told = User.objects.filter(pk=viewer, read_receipts=True)
    seen = marks["seen"] if marks["seen"] is not None and is_told.exists() else 0
    return OthersMarks(marks["delivered"] or 0, seen)


def message_at(access: Access, seq: int) -> MessageRow:
    """The message at ``seq`` if the caller may see it; raises NotFound."""
    rows = Message.objects.filter(chat=access.chat, seq=seq, seq__gt=access.membership.start)
    found = message_rows(rows)
    if not found:
        raise message_not_found()
    return found[0]


def own_message(access: Access, seq: int) -> MessageRow:
    """The caller's own message at ``seq``; raises NotFound."""
    row = message_at(access, seq)
    if row.sender_id != access.membership.user_id:
        raise message_not_found()
    return row


class Reached(NamedTuple):
    """When a message reached a member."""

    user_id: int
    delivered_at: datetime | None
    seen_at: datetime | None


def reached(access: Access, seq: int) -> list[Reached]:
    """Per other member when its marks passed ``seq``; seen only where both sides tell it."""
    viewer = access.membership.user_id
    tells = User.objects.filter(pk=viewer, read_receipts=True).exists()
    members = (
        Membership.objects.filter(chat=access.chat)
        .exclude(user_id=viewer)
        .values_list("id", "user_id", "user__read_receipts")
    )
    times = {
        (membership_id, kind): at
        for membership_id, kind, at in Receipt.objects.filter(
            membership__chat=access.chat, upto__gte=seq
        )
        .values_list("membership_id", "kind")
        .annotate(first=Min("at"))
    }
    return [
        Reached(
            user_id,
            times.get((membership_id, Receipt.Kind.DELIVERED)),
            times.get((membership_id, Receipt.Kind.SEEN)) if tells and tells_too else None,
        )
        for membership_id, user_id, tells_too in members
    ]


def member_ids(chat_id: int) -> list[int]:
    """Everybody in the chat."""
    return list(Membership.objects.filter(chat_id=chat_id).values_list("user_id", flat=True))
