"""Rows into payloads where that takes more than one row: people, statuses, whole answers."""

from collections.abc import Iterable, Sequence

from accounts.payloads import Person, people
from chat.access import Access
from chat.events import ChatNew
from chat.payloads import (
    ChatPayload,
    MessageRow,
    MessagesPage,
    MessageStatus,
    Status,
    ViewedMessage,
    status_at,
    viewed_message,
)
from chat.queries import ChatRow, Part, chats_by_id, others_marks, reached
from core.clock import rfc3339, rfc3339_or_none


def chat_payload(row: ChatRow, viewer_id: int, users: dict[str, Person]) -> ChatPayload:
    """A chat as its viewer sees it; ``users`` names the peer of a direct one."""
    peer_id = row.peer_of(viewer_id)
    peer = users.get(str(peer_id))
    last = row.last()
    return {
        "id": str(row.id),
        "kind": row.kind,
        "name": row.name if peer is None else peer["name"] or peer["username"],
        "avatar_url": None if peer is None else peer["avatar_url"],
        "description": "",
        "peer": None if peer_id is None else str(peer_id),
        "members_count": row.members,
        "permissions": {"post": "all", "edit_info": "all", "invite": "all", "history": "joined"},
        "disappear_after": None,
        "head": row.head,
        "last_message": last and viewed_message(last, _preview_status(row, viewer_id)),
        "unread": row.unread,
        "mentions": 0,
        "me": {
            "role": row.role,
            "delivered": row.delivered,
            "seen": row.seen,
            "muted_until": None,
            "archived": False,
            "pinned": False,
            "marked_unread": False,
            "draft": None,
        },
        "created_at": rfc3339(row.created_at),
        "updated_at": rfc3339(row.active_at),
    }


def _preview_status(row: ChatRow, viewer_id: int) -> Status | None:
    if row.seq is None or row.sender_id != viewer_id:
        return None
    seen = row.peer_seen or 0 if row.tells_seen else 0
    return status_at(row.seq, row.peer_delivered or 0, seen)


def people_of_chats(rows: Iterable[ChatRow]) -> dict[str, Person]:
    """Everybody whom the payloads of some chats mention."""
    ids = {id for row in rows for id in (row.low_id, row.high_id, row.sender_id) if id}
    return people(ids)


def chat_answer(user_id: int, chat_id: int) -> ChatPayload:
    """One chat as the person sees it, who is in it."""
    rows = chats_by_id(user_id, [chat_id])
    return chat_payload(rows[0], user_id, people_of_chats(rows))


def chat_new(user_id: int, chat_id: int) -> ChatNew:
    """The data of ``chat:new`` for one member."""
    rows = chats_by_id(user_id, [chat_id])
    return chat_new_data(rows[0], user_id, people_of_chats(rows))


def chat_new_data(row: ChatRow, viewer_id: int, users: dict[str, Person]) -> ChatNew:
    """The same of a row at hand; of ``users`` those whom this chat mentions."""
    mentioned = {str(id) for id in (row.low_id, row.high_id, row.sender_id)}
    return {
        "chat": chat_payload(row, viewer_id, users),
        "users": {id: users[id] for id in users if id in mentioned},
    }


def viewed_messages(access: Access, rows: Sequence[MessageRow]) -> list[ViewedMessage]:
    """Messages as the caller sees them, with the status of the caller's own."""
    viewer = access.membership.user_id
    marks = others_marks(access) if any(row.sender_id == viewer for row in rows) else None
    return [
        viewed_message(
            row,
            status_at(row.seq, marks.delivered, marks.seen)
            if marks is not None and row.sender_id == viewer
            else None,
        )
        for row in rows
    ]


def messages_page(access: Access, part: Part) -> MessagesPage:
    """A part of a history as the caller sees it."""
    return {
        "results": viewed_messages(access, part.rows),
        "has_more_before": part.has_more_before,
        "has_more_after": part.has_more_after,
        "users": people(row.sender_id for row in part.rows if row.sender_id),
    }


def message_status(access: Access, seq: int) -> MessageStatus:
    """Message info: the least status, and the times for each other member."""
    marks = others_marks(access)
    rows = reached(access, seq)
    return {
        "status": status_at(seq, marks.delivered, marks.seen),
        "receipts": [
            {
                "user": str(row.user_id),
                "delivered_at": rfc3339_or_none(row.delivered_at),
                "seen_at": rfc3339_or_none(row.seen_at),
            }
            for row in rows
        ],
        "users": people(row.user_id for row in rows),
    }
