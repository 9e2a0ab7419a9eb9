"""Rows into payloads where that takes more than one row: people, statuses, whole answers."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from accounts.payloads import Person, avatar_url, people
from chat.access import Access
from chat.events import ChatNew, ChatUpdated
from chat.models import Chat, Message, Scheduled
from chat.payloads import (
    NO_TALLIES,
    ChatInfo,
    ChatPayload,
    ForwardedMessages,
    MessagePayload,
    MessageRow,
    MessagesPage,
    MessageStatus,
    MessageTrace,
    Mine,
    Place,
    ScheduledPayload,
    SharedInfo,
    Status,
    Tallies,
    ViewedMessage,
    attachments_of,
    message_payload,
    scheduled_payload,
    status_at,
    viewed_message,
)
from chat.queries import (
    ChatRow,
    Part,
    chats_by_id,
    message_rows,
    others_marks,
    reached,
    shown_messages,
    starred,
    tallies,
)
from core.clock import rfc3339, rfc3339_or_none
from media.queries import payloads_of
from notifications.queries import pushes_of


def chat_info(row: ChatRow | Chat) -> ChatInfo:
    """What of a group all its members see alike."""
    return {**shared_info(row), "name": row.name, "avatar_url": avatar_url(row.avatar_id)}


def changed_chat(row: ChatRow | Chat) -> SharedInfo:
    """What ``chat:updated`` says to all members: each calls a direct chat by the other's name."""
    return chat_info(row) if row.kind == Chat.Kind.GROUP else shared_info(row)


def shared_info(row: ChatRow | Chat) -> SharedInfo:
    """What of any chat all its members see alike."""
    return {
        "id": str(row.id),
        "kind": row.kind,
        "description": row.description,
        "members_count": row.members_count,
        "permissions": {
            "post": row.post,
            "edit_info": row.edit_info,
            "invite": row.invite,
            "history": row.history,
        },
        "disappear_after": row.disappear_after,
        "head": row.head,
        "created_at": rfc3339(row.created_at),
        "updated_at": rfc3339(row.active_at),
    }


def chat_payload(
    row: ChatRow, viewer_id: int, users: dict[str, Person], tallies: Tallies = NO_TALLIES
) -> ChatPayload:
    """A chat as its viewer sees it; ``users`` names the peer of a direct one."""
    info = chat_info(row)
    peer_id = row.peer_of(viewer_id)
    peer = users.get(str(peer_id))
    if peer is not None:
        info = {
            **info,
            "name": peer["name"] or peer["username"],
            "avatar_url": peer["avatar_url"],
        }
    last = row.last
    return {
        **info,
        "peer": None if peer_id is None else str(peer_id),
        "last_message": last
        and viewed_message(last, _preview_status(row, viewer_id), tallies, starred=row.is_starred),
        "unread": row.unread,
        "mentions": row.mentions,
        "me": mine(row),
    }


def mine(row: ChatRow) -> Mine:
    """The viewer's own side."""
    return {
        "role": row.role,
        "delivered": row.delivered,
        "seen": row.seen,
        "muted_until": rfc3339_or_none(row.muted_until),
        "archived": row.archived,
        "pinned": row.pinned,
        "marked_unread": row.marked_unread,
        "draft": row.draft or None,
        "hidden": row.hidden,
    }


def _preview_status(row: ChatRow, viewer_id: int) -> Status | None:
    if row.last is None or row.last.sender_id != viewer_id:
        return None
    return status_at(row.last.seq, row.least_delivered or 0, row.least_seen or 0)


def chat_payloads(
    rows: Sequence[ChatRow], viewer_id: int
) -> tuple[list[ChatPayload], dict[str, Person]]:
    """Chats as their viewer sees them, and whom they mention. Two queries."""
    users = people(mentioned_by_chats(rows))
    put_on = tallies([row.last for row in rows if row.last is not None], viewer_id)
    return [chat_payload(row, viewer_id, users, put_on) for row in rows], users


def mentioned_by_chats(rows: Iterable[ChatRow]) -> set[int]:
    """Everybody whom the payloads of some chats name."""
    ids = {id for row in rows for id in (row.low_id, row.high_id) if id}
    return ids | mentioned_by(row.last for row in rows if row.last is not None)


def mentioned_by(rows: Iterable[MessageRow]) -> set[int]:
    """Everybody whom the payloads of some messages name, but for who reacted and voted."""
    ids: set[int] = set()
    for row in rows:
        if row.sender_id is not None:
            ids.add(row.sender_id)
        ids.update(row.mentions or ())
        if row.quote is not None and row.quote["sender"] is not None:
            ids.add(row.quote["sender"])
        if row.content is not None:
            ids.update(_named_in(row.content))
    return ids


def _named_in(content: dict[str, object]) -> set[int]:
    named = content.get("users", [])
    ids = [content.get("by"), content.get("user"), *(named if isinstance(named, list) else ())]
    return {int(id) for id in ids if isinstance(id, str)}


def named_in_tallies(put_on: Tallies) -> set[int]:
    """Who reacted and voted, as far as the payloads name them."""
    reacted = {id for each in put_on.reactions.values() for one in each for id in one["users"]}
    voted = {id for each in put_on.votes.values() for one in each.values() for id in one["users"]}
    return {int(id) for id in reacted | voted}


def chat_answer(user_id: int, chat_id: int) -> ChatPayload:
    """One chat as the person sees it, who is in it."""
    return chat_payloads(chats_by_id(user_id, [chat_id]), user_id)[0][0]


def chat_new(user_id: int, chat_id: int) -> ChatNew:
    """The data of ``chat:new`` for one member."""
    payloads, users = chat_payloads(chats_by_id(user_id, [chat_id]), user_id)
    return {"chat": payloads[0], "users": users}


def chat_new_each(chat_id: int, roles: Mapping[int, str]) -> dict[int, ChatNew]:
    """The data of ``chat:new`` for people who have just come into a group. One query for all: it
    looks the same to them but for their roles, and has no preview; the message of their joining
    follows.
    """
    row = chats_by_id(next(iter(roles)), [chat_id])[0]._replace(last=None)
    return {
        user_id: {"chat": chat_payload(row._replace(role=role), user_id, {}), "users": {}}
        for user_id, role in roles.items()
    }


def own_side(user_id: int, chat_id: int) -> ChatUpdated:
    """The data of ``chat:updated`` for one member whose own side of a chat has changed."""
    payloads, users = chat_payloads(chats_by_id(user_id, [chat_id]), user_id)
    return {"chat": {**payloads[0]}, "users": users}


def chat_new_data(
    row: ChatRow, viewer_id: int, users: dict[str, Person], put_on: Tallies
) -> ChatNew:
    """The same of a row at hand; of ``users`` those whom this chat mentions."""
    mentioned = {str(id) for id in mentioned_by_chats([row])}
    return {
        "chat": chat_payload(row, viewer_id, users, put_on),
        "users": {id: users[id] for id in users if id in mentioned},
    }


def scheduled_now(user_id: int, ids: Collection[int]) -> dict[str, ScheduledPayload]:
    """Messages of the person's that still wait, by id. Two queries."""
    rows = Scheduled.objects.filter(sender_id=user_id, pk__in=ids)
    return {payload["id"]: payload for payload in scheduled_payloads(rows)}


def scheduled_payloads(rows: Iterable[Scheduled]) -> list[ScheduledPayload]:
    """Messages that wait, with their files. One query, or none."""
    found = list(rows)
    media = payloads_of({one for row in found for one in attachments_of(row)})
    return [scheduled_payload(row, media) for row in found]


def named_in_scheduled(payloads: Iterable[ScheduledPayload]) -> set[int]:
    """Everybody whom the payloads of some scheduled messages name."""
    ids: set[int] = set()
    for payload in payloads:
        ids |= {int(one) for one in payload["mentions"] if one != "all"}
        ids |= _named_in(payload["content"] or {})
    return ids


def message_now(chat_id: int, seq: int) -> MessagePayload:
    """A message in its present state, the same for every viewer. Two queries."""
    from_log = Message.objects.filter(chat_id=chat_id, seq=seq)
    rows = message_rows(from_log)
    return message_payload(rows[0], tallies(rows))


def viewed_messages(access: Access, rows: Sequence[MessageRow]) -> list[ViewedMessage]:
    """Messages of one chat as the caller sees them, with the status of the caller's own."""
    viewer = access.membership.user_id
    return _viewed(viewer, rows, tallies(rows, viewer))


def viewed_by(
    viewer: int, rows: Sequence[MessageRow]
) -> tuple[list[ViewedMessage], dict[str, Person]]:
    """Messages of any chats as somebody sees them who may, and whom they name. Five queries."""
    put_on = tallies(rows, viewer)
    users = people(mentioned_by(rows) | named_in_tallies(put_on))
    return _viewed(viewer, rows, put_on), users


def _viewed(viewer: int, rows: Collection[MessageRow], put_on: Tallies) -> list[ViewedMessage]:
    own = {row.chat_id for row in rows if row.sender_id == viewer}
    marks = others_marks(viewer, own)
    stars = starred(viewer, rows)
    return [
        viewed_message(
            row,
            marks[row.chat_id].status(row.seq) if row.sender_id == viewer else None,
            put_on,
            starred=row.place in stars,
        )
        for row in rows
    ]


def messages_page(access: Access, part: Part) -> MessagesPage:
    """A part of a history as the caller sees it."""
    results, users = viewed_by(access.membership.user_id, part.rows)
    return {
        "results": results,
        "has_more_before": part.has_more_before,
        "has_more_after": part.has_more_after,
        "users": users,
    }


def forwarded_messages(viewer_id: int, places: Sequence[Place]) -> ForwardedMessages:
    """What a forward has written, as far as its sender may (still) see it."""
    shown = shown_messages(viewer_id, places)
    results, users = viewed_by(viewer_id, [shown[place] for place in places if place in shown])
    return {"results": results, "users": users}


def message_trace(access: Access, row: MessageRow) -> MessageTrace:
    """Where a message of the caller's got to, for each other member."""
    status = message_status(access, row.seq)
    ids = [int(receipt["user"]) for receipt in status["receipts"]]
    pushed = pushes_of(row.chat_id, row.created_at, ids)
    return {
        "stored_at": rfc3339(row.created_at),
        "members": [
            {**receipt, "pushed_at": rfc3339_or_none(pushed.get(int(receipt["user"])))}
            for receipt in status["receipts"]
        ],
        "users": status["users"],
    }


def message_status(access: Access, seq: int) -> MessageStatus:
    """Message info: the least status, and the times for each other member it was sent to."""
    chat_id = access.chat.pk
    marks = others_marks(access.membership.user_id, [chat_id])
    rows = reached(access, seq)
    return {
        "status": marks[chat_id].status(seq),
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
