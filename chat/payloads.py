"""How chats and messages look in JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple, NotRequired, TypedDict

from django.conf import settings

from accounts.payloads import Person
from chat.models import EVERYBODY, Scheduled
from core.clock import rfc3339, rfc3339_or_none
from media.payloads import MediaPayload

Status = Literal["sent", "delivered", "seen"]

Place = tuple[int, int]
"""The chat and the seq of a message."""


class MessageRow(NamedTuple):
    """The columns of a message that payloads are made of."""

    chat_id: int
    seq: int
    sender_id: int | None
    client_id: str | None
    kind: str
    text: str
    content: dict[str, Any] | None
    reply_to: int | None
    forwards: int
    mentions: list[int] | None
    preview: "Preview | None"
    created_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None
    pinned_at: datetime | None
    expires_at: datetime | None
    #: Of the message that it answers: ``{seq, sender, kind, text, gone}``.
    quote: dict[str, Any] | None
    #: The media that it holds; null: none.
    attached: list[MediaPayload] | None

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.chat_id, self.seq


class Quote(TypedDict):
    """What a message answers; ``text`` is cut, and null once that message is gone."""

    seq: int
    sender: str | None
    kind: str
    text: str | None


class ReactionPayload(TypedDict):
    """How many have put an emoji on a message; ``users`` has the first five.

    ``mine`` stands only where a viewer asks, never in pushes and sync.
    """

    emoji: str
    count: int
    users: list[str]
    mine: NotRequired[bool]


class VotesPayload(TypedDict):
    """The votes for one option of a poll, like reactions."""

    count: int
    users: list[str]
    mine: NotRequired[bool]


class Preview(TypedDict):
    """A link of a message, and what its page says of itself; ``description`` may be empty."""

    url: str
    title: str
    description: str
    site: str


class MessagePayload(TypedDict):
    """A message as pushes and sync carry it: the same for every viewer."""

    id: str
    chat: str
    seq: int
    client_id: str | None
    sender: str | None
    kind: str
    text: str | None
    content: dict[str, Any] | None
    attachments: list[MediaPayload]
    reply_to: Quote | None
    forwarded: bool
    #: Passed on so often that it goes to one chat at a time only.
    forwarded_often: bool
    mentions: list[str]
    reactions: list[ReactionPayload]
    preview: Preview | None
    pinned: bool
    edited_at: str | None
    deleted_at: str | None
    expires_at: str | None
    created_at: str


class ViewedMessage(MessagePayload):
    """A message as one viewer sees it; ``status`` is null on others' messages."""

    status: Status | None
    starred: bool


class Permissions(TypedDict):
    """Who may do what in a group: ``all`` or ``admins``; newcomers see ``all`` or, from when they
    ``joined``.
    """

    post: str
    edit_info: str
    invite: str
    history: str


class Mine(TypedDict):
    """The viewer's own side of a chat."""

    role: str
    delivered: int
    seen: int
    muted_until: str | None
    archived: bool
    pinned: bool
    marked_unread: bool
    draft: str | None
    #: Deleted from the list: it stands there only while there is a ``last_message``.
    hidden: bool


class SharedInfo(TypedDict):
    """What of a chat is the same for all who are in it, but for how it is called."""

    id: str
    kind: str
    description: str
    members_count: int
    permissions: Permissions
    disappear_after: int | None
    head: int
    created_at: str
    updated_at: str


class ChatInfo(SharedInfo):
    """The same with its name; direct chats are named by their peer."""

    name: str
    avatar_url: str | None


class ChatPayload(ChatInfo):
    """A chat as one member sees it."""

    peer: str | None
    last_message: ViewedMessage | None
    unread: int
    mentions: int
    me: Mine


class ChangedChat(SharedInfo, total=False):
    """The same in pushes, which leave out what differs by viewer if they go to all members."""

    name: str
    avatar_url: str | None
    peer: str | None
    last_message: ViewedMessage | None
    unread: int
    mentions: int
    me: Mine


class Participant(TypedDict):
    """Somebody in a chat; admins of a group are told by which invite they came, if by one."""

    user: str
    role: str
    joined_at: str
    invite: NotRequired[str | None]


class Participants(TypedDict):
    """Several of them."""

    results: list[Participant]
    next: str | None
    users: dict[str, Person]


class InvitePayload(TypedDict):
    """A code for a group. ``token`` stands only in the answer that makes it; ``url`` and ``svg``
    (a picture that scales) are null once it works no more. ``members``: how many of those whom it
    has let in are still there.
    """

    id: str
    token: NotRequired[str]
    url: str | None
    svg: str | None
    created_by: str
    created_at: str
    expires_at: str | None
    max_uses: int | None
    uses: int
    approval: bool
    members: int


class Invites(TypedDict):
    """A page of them."""

    results: list[InvitePayload]
    next: str | None
    users: dict[str, Person]


class JoinRequestPayload(TypedDict):
    """Somebody asks to be let in; ``status`` is ``pending``, ``approved`` or ``rejected``."""

    id: str
    chat: str
    user: str
    invite: str
    status: str
    created_at: str


class JoinRequests(TypedDict):
    """A page of them."""

    results: list[JoinRequestPayload]
    next: str | None
    users: dict[str, Person]


class JoinPending(TypedDict):
    """The answer to joining where an admin has to agree."""

    status: str
    request: JoinRequestPayload


class MessagesPage(TypedDict):
    """A part of a history, ascending."""

    results: list[ViewedMessage]
    has_more_before: bool
    has_more_after: bool
    users: dict[str, Person]


class PinsPage(TypedDict):
    """Pinned messages, the newest pin first."""

    results: list[ViewedMessage]
    next: str | None
    users: dict[str, Person]


class SharedPage(TypedDict):
    """Messages with media, files or links, the newest first."""

    results: list[ViewedMessage]
    next: str | None
    users: dict[str, Person]


class StarredMessage(TypedDict):
    """A message that the viewer has starred, and its chat."""

    message: ViewedMessage
    chat: str


class StarredPage(TypedDict):
    """Starred messages of all chats, the newest star first."""

    results: list[StarredMessage]
    next: str | None
    users: dict[str, Person]


class ForwardedMessages(TypedDict):
    """What a forward has written, chat by chat."""

    results: list[ViewedMessage]
    users: dict[str, Person]


class ReceiptPayload(TypedDict):
    """When a message reached someone."""

    user: str
    delivered_at: str | None
    seen_at: str | None


class MessageStatus(TypedDict):
    """Message info, for its sender."""

    status: Status
    receipts: list[ReceiptPayload]
    users: dict[str, Person]


class ScheduledPayload(TypedDict):
    """A message that waits for its time, as its sender gave it; ``refused`` is the error's code if
    it could not be sent then.
    """

    id: str
    chat: str
    seq: None
    client_id: str
    kind: str
    text: str
    content: dict[str, Any] | None
    attachments: list[MediaPayload]
    reply_to: int | None
    mentions: list[str]
    send_at: str
    created_at: str
    refused: str | None


class TraceRow(ReceiptPayload):
    """The same, and when a push told of it; null for those who needed or wanted none."""

    pushed_at: str | None


class MessageTrace(TypedDict):
    """How far a message got, for its sender: stored, pushed, delivered, seen."""

    stored_at: str
    members: list[TraceRow]
    users: dict[str, Person]


class MarkPayload(TypedDict):
    """A member's mark."""

    chat: str
    user: str
    seq: int
    at: str


@dataclass(frozen=True, slots=True)
class Tallies:
    """What people have put on messages, by place; votes also by option."""

    reactions: Mapping[Place, list[ReactionPayload]] = field(default_factory=dict)
    votes: Mapping[Place, dict[int, VotesPayload]] = field(default_factory=dict)


NO_TALLIES = Tallies()


def message_payload(row: MessageRow, tallies: Tallies = NO_TALLIES) -> MessagePayload:
    """A message, the same for every viewer if the tallies are."""
    is_there = row.deleted_at is None
    return {
        "id": f"{row.chat_id}-{row.seq}",
        "chat": str(row.chat_id),
        "seq": row.seq,
        "client_id": row.client_id,
        "sender": None if row.sender_id is None else str(row.sender_id),
        "kind": row.kind,
        "text": row.text if is_there and row.kind != "system" else None,
        "content": _content(row, tallies) if is_there and row.content is not None else None,
        "attachments": (row.attached or []) if is_there else [],
        "reply_to": _quote(row.quote) if is_there and row.quote is not None else None,
        "forwarded": row.forwards > 0,
        "forwarded_often": row.forwards >= settings.FORWARDS_OFTEN,
        "mentions": [_mention(one) for one in row.mentions] if row.mentions and is_there else [],
        "reactions": tallies.reactions.get(row.place, []) if is_there else [],
        "preview": row.preview if is_there else None,
        "pinned": row.pinned_at is not None and is_there,
        "edited_at": rfc3339_or_none(row.edited_at),
        "deleted_at": rfc3339_or_none(row.deleted_at),
        "expires_at": rfc3339_or_none(row.expires_at),
        "created_at": rfc3339(row.created_at),
    }


def _mention(user_id: int) -> str:
    return "all" if user_id == EVERYBODY else str(user_id)


def _quote(quote: dict[str, Any]) -> Quote:
    sender = quote["sender"]
    return {
        "seq": quote["seq"],
        "sender": None if sender is None else str(sender),
        "kind": quote["kind"],
        "text": None if quote["gone"] else quote["text"],
    }


def _content(row: MessageRow, tallies: Tallies) -> dict[str, Any]:
    assert row.content is not None
    if row.kind != "poll":
        return row.content
    cast = tallies.votes.get(row.place, {})
    votes = [
        cast.get(option, {"count": 0, "users": []}) for option in range(len(row.content["options"]))
    ]
    return {**row.content, "votes": votes}


def viewed_message(
    row: MessageRow, status: Status | None, tallies: Tallies = NO_TALLIES, *, starred: bool
) -> ViewedMessage:
    """A message with what only its viewer is told."""
    return {**message_payload(row, tallies), "status": status, "starred": starred}


def attachments_of(row: Scheduled) -> list[int]:
    """The media of a message that waits, as its sender named them."""
    return [int(one) for one in row.message["attachments"]]


def scheduled_payload(row: Scheduled, media: Mapping[int, MediaPayload]) -> ScheduledPayload:
    """A message that waits; ``media`` has its own."""
    message, mentions = row.message, row.message["mentions"]
    return {
        "id": str(row.pk),
        "chat": str(row.chat_id),
        "seq": None,
        "client_id": row.client_id,
        "kind": message["kind"],
        "text": message["text"],
        "content": message["content"],
        "attachments": [media[one] for one in attachments_of(row) if one in media],
        "reply_to": message["reply_to"],
        "mentions": [mentions] if isinstance(mentions, str) else mentions,
        "send_at": rfc3339(row.send_at),
        "created_at": rfc3339(row.created_at),
        "refused": row.refused or None,
    }


def status_at(seq: int, delivered: int, seen: int) -> Status:
    """The status of a message by the least marks of the other members."""
    if seen >= seq:
        return "seen"
    return "delivered" if delivered >= seq else "sent"


def mark_payload(chat_id: int, user_id: int, seq: int, at: datetime) -> MarkPayload:
    """A member's mark, raised to ``seq`` at ``at``."""
    return {"chat": str(chat_id), "user": str(user_id), "seq": seq, "at": rfc3339(at)}
