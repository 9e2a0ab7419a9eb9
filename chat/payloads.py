"""How chats and messages look in JSON."""

from datetime import datetime
from typing import Any, Literal, NamedTuple, TypedDict

from accounts.payloads import Person
from core.clock import rfc3339, rfc3339_or_none

Status = Literal["sent", "delivered", "seen"]


class MessageRow(NamedTuple):
    """The columns of a message that payloads are made of."""

    chat_id: int
    seq: int
    sender_id: int | None
    client_id: str | None
    kind: str
    text: str
    created_at: datetime
    deleted_at: datetime | None


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
    attachments: list[dict[str, Any]]
    reply_to: dict[str, Any] | None
    forwarded: bool
    mentions: list[str]
    reactions: list[dict[str, Any]]
    edited_at: str | None
    deleted_at: str | None
    expires_at: str | None
    created_at: str


class ViewedMessage(MessagePayload):
    """A message as one viewer sees it; ``status`` is null on others' messages."""

    status: Status | None


class Permissions(TypedDict):
    """Who may do what in a group."""

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


class ChatPayload(TypedDict):
    """A chat as one member sees it."""

    id: str
    kind: str
    name: str
    avatar_url: str | None
    description: str
    peer: str | None
    members_count: int
    permissions: Permissions
    disappear_after: int | None
    head: int
    last_message: ViewedMessage | None
    unread: int
    mentions: int
    me: Mine
    created_at: str
    updated_at: str


class MessagesPage(TypedDict):
    """A part of a history, ascending."""

    results: list[ViewedMessage]
    has_more_before: bool
    has_more_after: bool
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


class MarkPayload(TypedDict):
    """A member's mark."""

    chat: str
    user: str
    seq: int
    at: str


def message_payload(row: MessageRow) -> MessagePayload:
    """A message, the same for every viewer."""
    return {
        "id": f"{row.chat_id}-{row.seq}",
        "chat": str(row.chat_id),
        "seq": row.seq,
        "client_id": row.client_id,
        "sender": None if row.sender_id is None else str(row.sender_id),
        "kind": row.kind,
        "text": row.text if row.deleted_at is None else None,
        "content": None,
        "attachments": [],
        "reply_to": None,
        "forwarded": False,
        "mentions": [],
        "reactions": [],
        "edited_at": None,
        "deleted_at": rfc3339_or_none(row.deleted_at),
        "expires_at": None,
        "created_at": rfc3339(row.created_at),
    }


def viewed_message(row: MessageRow, status: Status | None) -> ViewedMessage:
    """A message with what only its viewer is told."""
    return {**message_payload(row), "status": status}


def status_at(seq: int, delivered: int, seen: int) -> Status:
    """The status of a message by the least marks of the other members."""
    if seen >= seq:
        return "seen"
    return "delivered" if delivered >= seq else "sent"


def mark_payload(chat_id: int, user_id: int, seq: int, at: datetime) -> MarkPayload:
    """A member's mark, raised to ``seq`` at ``at``."""
    return {"chat": str(chat_id), "user": str(user_id), "seq": seq, "at": rfc3339(at)}
