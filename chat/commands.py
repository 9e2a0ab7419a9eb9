"""The socket's door to chats: each command calls the action that HTTP calls."""

import asyncio
from typing import Any

import msgspec

from chat.access import get_chat
from chat.actions.edits import edit_message
from chat.actions.messages import submit_message
from chat.actions.polls import vote
from chat.actions.reactions import react
from chat.actions.receipts import submit_mark
from chat.actions.removals import delete_for_everyone, delete_for_me
from chat.actions.typing import tell_typing
from chat.events import ChatHistoryReply, ChatSent, MessageUpdated, SyncAnswer
from chat.heads import Heads, pong, reader
from chat.payloads import MarkPayload
from chat.queries import history
from chat.receipts import Marks
from chat.rendering import messages_page
from chat.schemas.chats import ChatHistory, MarkInChat, Typing
from chat.schemas.messages import (
    DeleteInChat,
    EditInChat,
    ReactInChat,
    SendToChat,
)
from chat.schemas.polls import VoteInChat
from chat.schemas.sync import Ping, Sync
from chat.sync import sync
from chat.writer import Written
from core.clock import rfc3339
from core.schema import Input, decode
from realtime.registry import Reply, command
from realtime.session import Session


class _OnlyChat(Input):
    chat: str


_only_chat = msgspec.json.Decoder(_OnlyChat)


def hide_strange_chats(session: Session, data: bytes) -> None:
    """Who sends rubbish to a chat that is not theirs hears only NotFound."""
    get_chat(session.user_id, decode(data, _only_chat).chat)


def sent(data: SendToChat, written: Written) -> ChatSent:
    """What ``chat:sent`` says."""
    return {
        "chat": str(written.chat_id),
        "id": f"{written.chat_id}-{written.seq}",
        "seq": written.seq,
        "client_id": data.client_id,
        "created_at": rfc3339(written.created_at),
        "duplicate": written.is_repeat,
    }


@command("chat:send", SendToChat, reply="chat:sent", render=sent, guard=hide_strange_chats)
def send(session: Session, data: SendToChat) -> "asyncio.Future[Written]":
    """Answered only after the commit."""
    return submit_message(session.user_id, data.chat, data, session.socket)


def delivered_upto(data: MarkInChat, marks: Marks) -> MarkPayload:
    """Where the mark stands now, also when it was higher before."""
    return marks.payload("delivered")


@command(
    "message:delivered",
    MarkInChat,
    reply="message:delivered",
    render=delivered_upto,
    guard=hide_strange_chats,
)
def delivered(session: Session, data: MarkInChat) -> "asyncio.Future[Marks]":
    """A device holds everything up to ``seq``."""
    return submit_mark(session.user_id, data.chat, "delivered", data.seq, session.socket)


def seen_upto(data: MarkInChat, marks: Marks) -> MarkPayload:
    """Where the mark stands now."""
    return marks.payload("seen")


@command(
    "message:seen", MarkInChat, reply="message:seen", render=seen_upto, guard=hide_strange_chats
)
def seen(session: Session, data: MarkInChat) -> "asyncio.Future[Marks]":
    """The person has seen everything up to ``seq``."""
    return submit_mark(session.user_id, data.chat, "seen", data.seq, session.socket)


def heads_now(data: Ping, heads: Heads) -> dict[str, Any]:
    """What ``pong`` says."""
    return pong(heads)


@command("ping", Ping, reply="pong", render=heads_now)
def ping(session: Session, data: Ping) -> "asyncio.Future[Heads]":
    """The heartbeat: a client that holds less than its answer says has missed something."""
    return reader.submit(session.user_id)


@command("message:edit", EditInChat, reply="message:updated", guard=hide_strange_chats)
def edit(session: Session, data: EditInChat) -> MessageUpdated:
    """Answered with what the others are told."""
    return edit_message(
        session.user_id,
        data.chat,
        data.seq,
        data.text,
        preview=data.preview,
        socket=session.socket,
    )


@command("message:delete", DeleteInChat, reply="message:updated", guard=hide_strange_chats)
def delete(session: Session, data: DeleteInChat) -> MessageUpdated | Reply:
    """For everyone: answered with what the others are told; for the caller: with message:hidden,
    which all devices get as a push too.
    """
    if data.for_ == "me":
        return Reply("message:hidden", delete_for_me(session.user_id, data.chat, data.seq))
    return delete_for_everyone(session.user_id, data.chat, data.seq, socket=session.socket)


@command("message:react", ReactInChat, reply="message:updated", guard=hide_strange_chats)
def react_to(session: Session, data: ReactInChat) -> MessageUpdated:
    """Answered with what the others are told."""
    return react(session.user_id, data.chat, data.seq, data.emoji, socket=session.socket)


@command("message:vote", VoteInChat, reply="message:updated", guard=hide_strange_chats)
def vote_on(session: Session, data: VoteInChat) -> MessageUpdated:
    """Answered with what the others are told."""
    return vote(session.user_id, data.chat, data.seq, data.options, socket=session.socket)


@command("chat:typing", Typing, guard=hide_strange_chats)
def typing(session: Session, data: Typing) -> None:
    """Not answered."""
    tell_typing(session.user_id, data.chat, data.typing, data.kind)


@command("chat:history", ChatHistory, reply="chat:history", guard=hide_strange_chats)
def chat_history(session: Session, data: ChatHistory) -> ChatHistoryReply:
    """A page of messages."""
    access = get_chat(session.user_id, data.chat)
    return {"chat": str(access.chat.pk), **messages_page(access, history(access, data))}


@command("sync", Sync, reply="sync")
def sync_command(session: Session, data: Sync) -> SyncAnswer:
    """What the client lacks."""
    return sync(session.user_id, data)
