"""Reads of chats: a fixed number of queries each, whatever the number of rows."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from django.db import connection
from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    Func,
    JSONField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce, JSONObject, Left, Now

from accounts.models import User
from chat.access import Access, message_deleted, message_not_found
from chat.models import Chat, Hidden, Membership, Message, Star
from chat.payloads import (
    NO_TALLIES,
    MessageRow,
    Place,
    ReactionPayload,
    Status,
    Tallies,
    VotesPayload,
    status_at,
)
from chat.schemas.chats import History
from chat.sql.chats import CHAT_PAGE, CHATS_BY_ID, TALLIES
from chat.sql.log import SHOWN_IDS
from chat.sql.marks import REACHED
from core.errors import Invalid
from media.payloads import payload_of
from media.sql import MEDIA_OF

#: Characters of a message that stand in the answers to it; the same number is in chat.sql.chats.
QUOTE_CHARS = 200


class ChatRow(NamedTuple):
    """A chat as one member sees it, with its preview; the columns of ``chat.sql.chats``."""

    id: int
    kind: str
    name: str
    description: str
    avatar_id: int | None
    low_id: int | None
    high_id: int | None
    post: str
    edit_info: str
    invite: str
    history: str
    disappear_after: int | None
    members_count: int
    head: int
    created_at: datetime
    active_at: datetime
    role: str
    delivered: int
    seen: int
    start: int
    muted_until: datetime | None
    archived: bool
    pinned: bool
    marked_unread: bool
    draft: str
    hidden: bool
    least_delivered: int | None
    least_seen: int | None
    unread: int
    mentions: int
    is_starred: bool
    last: MessageRow | None

    def peer_of(self, user_id: int) -> int | None:
        """The other one of a direct chat."""
        return self.high_id if user_id == self.low_id else self.low_id

    @classmethod
    def read(cls, row: Sequence[Any]) -> "ChatRow":
        """From a row of the statement: the chat's columns, then its last message's."""
        width = len(cls._fields) - 1
        chat, last = row[:width], row[width:]
        preview = None if last[0] is None else _message_row(chat[0], last)
        return cls._make([*chat, preview])


def _message_row(chat_id: int, columns: Sequence[Any]) -> MessageRow:
    """From a raw row, in which JSON is text."""
    row = MessageRow(chat_id, *columns)
    return _with_media(
        row._replace(
            content=_json(row.content),
            preview=_json(row.preview),
            quote=_json(row.quote),
            attached=_json(row.attached),
        )
    )


def _json(text: Any) -> Any:
    return None if text is None else msgspec.json.decode(text)


def chat_page(
    user_id: int,
    *,
    kind: str | None,
    archived: bool,
    pinned: bool | None,
    after: tuple[datetime, int] | None,
    limit: int,
) -> list[ChatRow]:
    """Up to ``limit`` of a person's chats by latest activity, after the place ``after``."""
    at, chat_id = after or (None, None)
    params = {"user": user_id, "kind": kind, "archived": archived, "pinned": pinned}
    place = {"after_at": at, "after_id": chat_id, "limit": limit}
    return _chat_rows(CHAT_PAGE, {**params, **place})


def chats_by_id(user_id: int, ids: Iterable[int]) -> list[ChatRow]:
    """Those of ``ids`` that are the person's chats, hidden ones too."""
    return _chat_rows(CHATS_BY_ID, {"user": user_id, "ids": list(ids)})


def _chat_rows(sql: str, params: dict[str, Any]) -> list[ChatRow]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [ChatRow.read(row) for row in cursor.fetchall()]


def direct_chats(user_id: int, others: Sequence[int]) -> dict[int, int]:
    """The direct chats between the person and each of ``others``, where there is one."""
    rows = Chat.objects.filter(
        Q(low_id=user_id, high_id__in=others) | Q(high_id=user_id, low_id__in=others)
    ).values_list("low_id", "high_id", "id")
    return {high if low == user_id else low: chat_id for low, high, chat_id in rows}


_QUOTED = Message.objects.filter(chat=OuterRef("chat"), seq=OuterRef("reply_to")).values(
    quote=JSONObject(
        seq="seq",
        sender="sender_id",
        kind="kind",
        text=Left("text", QUOTE_CHARS),
        gone=ExpressionWrapper(
            Q(deleted_at__isnull=False)
            | Q(expires_at__isnull=False, expires_at__lte=Now())
            | Q(sender__deleted_at__isnull=False),
            output_field=BooleanField(),
        ),
    )
)


_COLUMNS = ["gone_at" if name == "deleted_at" else name for name in MessageRow._fields]
#: In the same query: what shows many messages need not ask for each one's media apart.
_ATTACHED = Func("attachments", template=MEDIA_OF, output_field=JSONField())


def message_rows(rows: QuerySet[Message]) -> list[MessageRow]:
    """Messages as plain rows, without ORM objects. One query.

    What an erased person wrote is deleted from the moment of the erasure, though it takes a worker
    a while to empty all of it.
    """
    found = rows.annotate(
        quote=Subquery(_QUOTED),
        gone_at=Coalesce("deleted_at", "sender__deleted_at"),
        attached=_ATTACHED,
    )
    return [_with_media(MessageRow(*row)) for row in found.values_list(*_COLUMNS)]


def _with_media(row: MessageRow) -> MessageRow:
    """With payloads of media where there are rows of them."""
    if row.attached is None:
        return row
    return row._replace(attached=[payload_of(one) for one in row.attached])


def shown_to(membership: Membership) -> QuerySet[Message]:
    """The messages of a chat that one member may see: every read goes through here."""
    hidden = Hidden.objects.filter(
        user_id=membership.user_id, chat=OuterRef("chat"), seq=OuterRef("seq")
    )
    return (
        Message.objects.filter(chat_id=membership.chat_id, seq__gt=membership.start)
        .exclude(expires_at__isnull=False, expires_at__lte=Now())
        .exclude(Exists(hidden))
    )


def tallies(rows: Iterable[MessageRow], viewer_id: int | None = None) -> Tallies:
    """Reactions and votes on some messages, with ``mine`` if there is a viewer. One query."""
    there = [row for row in rows if row.kind != "system" and row.deleted_at is None]
    places = [row.place for row in there]
    if not places:
        return NO_TALLIES
    chats, seqs = zip(*places, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(TALLIES, {"chat": list(chats), "seq": list(seqs), "viewer": viewer_id})
        found = cursor.fetchall()
    reactions: dict[Place, list[ReactionPayload]] = defaultdict(list)
    votes: dict[Place, dict[int, VotesPayload]] = defaultdict(dict)
    if viewer_id is not None:
        for row in there:
            if row.kind == Message.Kind.POLL and row.content is not None:
                options = range(len(row.content["options"]))
                votes[row.place] = {n: {"count": 0, "users": [], "mine": False} for n in options}
    for chat_id, seq, what, choice, users, count, mine, _ in found:
        tally: VotesPayload = {"count": count, "users": [str(one) for one in users]}
        if viewer_id is not None:
            tally["mine"] = mine
        if what == "r":
            reactions[chat_id, seq].append({"emoji": choice, **tally})
        else:
            votes[chat_id, seq][int(choice)] = tally
    return Tallies(reactions, votes)


def starred(user_id: int, rows: Iterable[MessageRow]) -> set[Place]:
    """Which of some messages the person has starred. One query."""
    chat_and_seqs = [row.place for row in rows]
    if not chat_and_seqs:
        return set()
    stars = Star.objects.filter(
        user_id=user_id,
        chat_id__in={chat for chat, _ in chat_and_seqs},
        seq__in=[seq for _, seq in chat_and_seqs],
    )
    return set(stars.values_list("chat_id", "seq"))


def starred_by(user_id: int) -> QuerySet[Star]:
    """The person's stars on messages that they may still see; a hidden one has none."""
    membership = Membership.objects.filter(
        chat=OuterRef("chat"), user_id=user_id, start__lt=OuterRef("seq")
    )
    message = Message.objects.filter(chat=OuterRef("chat"), seq=OuterRef("seq")).exclude(
        expires_at__isnull=False, expires_at__lte=Now()
    )
    return Star.objects.filter(Exists(membership), Exists(message), user_id=user_id)


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
    shown = shown_to(access.membership)
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


class OthersMarks(NamedTuple):
    """How far the other members of a chat have got at least, as far as the viewer may know it.

    A newcomer's marks start at the place of joining, so they hold back nothing that was sent
    before; but where all have come later, nobody has received it. Hence the first places of
    joining, of all and of those who tell what they have seen.
    """

    delivered: int = 0
    seen: int = 0
    joined: int = 0
    tellers_joined: int = 0

    def status(self, seq: int) -> Status:
        """Of a message of the viewer's: the least of those it was sent to."""
        return status_at(
            seq,
            self.delivered if self.joined < seq else 0,
            self.seen if self.tellers_joined < seq else 0,
        )


def others_marks(viewer_id: int, chat_ids: Collection[int]) -> dict[int, OthersMarks]:
    """What decides the status of the viewer's messages in some chats. Two queries, or none.

    Members with receipts off are left out of ``seen``; a viewer with receipts off sees none.
    """
    if not chat_ids:
        return {}
    is_told = User.objects.filter(pk=viewer_id, read_receipts=True).exists()
    telling = Q(user__read_receipts=True)
    others = Membership.objects.filter(chat_id__in=chat_ids).exclude(user_id=viewer_id)
    rows = others.values_list("chat_id").annotate(
        least_delivered=Min("delivered"),
        least_seen=Min("seen", filter=telling),
        first_joined=Min("joined"),
        tellers_joined=Min("joined", filter=telling),
    )
    marks = dict.fromkeys(chat_ids, OthersMarks())
    for chat_id, delivered, seen, joined, tellers_joined in rows:
        if seen is None or not is_told:
            seen = tellers_joined = 0
        marks[chat_id] = OthersMarks(delivered, seen, joined, tellers_joined)
    return marks


def message_at(access: Access, seq: int) -> MessageRow:
    """The message at ``seq`` if the caller may see it; raises NotFound."""
    found = message_rows(shown_to(access.membership).filter(seq=seq))
    if not found:
        raise message_not_found()
    return found[0]


def shown_messages(user_id: int, places: Collection[Place]) -> dict[Place, MessageRow]:
    """Those of some messages, of any chats, that the person may see. Two queries."""
    if not places:
        return {}
    chats, seqs = zip(*places, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(SHOWN_IDS, {"chat": list(chats), "seq": list(seqs), "user": user_id})
        ids = [id for (id,) in cursor.fetchall()]
    return {row.place: row for row in message_rows(Message.objects.filter(pk__in=ids))}


def pinned_in(chat: Chat) -> QuerySet[Message]:
    """The messages that a chat keeps at its top."""
    pinned = Message.objects.filter(chat=chat, pinned_at__isnull=False)
    return pinned.exclude(expires_at__isnull=False, expires_at__lte=Now())


def present_message(access: Access, seq: int) -> MessageRow:
    """A message that something may be done to: one that people sent and nobody deleted.

    Raises NotFound, for system messages too; Conflict ``message_deleted``.
    """
    row = message_at(access, seq)
    if row.kind == Message.Kind.SYSTEM:
        raise message_not_found()
    if row.deleted_at is not None:
        raise message_deleted()
    return row


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
    """Per other member that a message was sent to, when its marks passed it; seen only where both
    sides tell it. Who came later is left out.
    """
    viewer = access.membership.user_id
    tells = User.objects.filter(pk=viewer, read_receipts=True).exists()
    params = {"viewer": viewer, "chat": access.chat.pk, "seq": seq}
    with connection.cursor() as cursor:
        cursor.execute(REACHED, params)
        return [
            Reached(user_id, delivered_at, seen_at if tells and tells_too else None)
            for user_id, delivered_at, seen_at, tells_too in cursor.fetchall()
        ]


def member_ids(chat_id: int) -> list[int]:
    """Everybody in the chat."""
    return list(Membership.objects.filter(chat_id=chat_id).values_list("user_id", flat=True))
