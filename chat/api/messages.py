"""Messages over HTTP."""

from rest_framework.request import Request
from rest_framework.response import Response

from chat import payloads
from chat.access import get_chat
from chat.actions.edits import edit_message
from chat.actions.messages import send_message
from chat.actions.reactions import react
from chat.actions.removals import delete_for_everyone, delete_for_me
from chat.actions.scheduled import schedule_message
from chat.queries import history, message_at, own_message
from chat.rendering import (
    message_status,
    message_trace,
    messages_page,
    scheduled_payloads,
    viewed_messages,
)
from chat.schemas import messages as schemas
from chat.schemas.chats import History
from chat.writer import Draft, Written, row_of
from core.errors import NotFound
from core.http import ApiView, caller_id, created, no_content, ok
from core.openapi import documented


class MessagesView(ApiView):
    """The messages of a chat."""

    @documented(
        "A part of the history", query=History, response=payloads.MessagesPage, errors=(404,)
    )
    def get(self, request: Request, chat: str) -> Response:
        """Ascending by seq; the newest without a place."""
        access = get_chat(caller_id(request), chat)
        return ok(messages_page(access, history(access, self.query(request, History))))

    @documented(
        "Send a message, or schedule one",
        request=schemas.SendMessage,
        response=payloads.ViewedMessage,
        status=201,
        errors=(403, 404, 409),
    )
    def post(self, request: Request, chat: str) -> Response:
        """201 with the message, 200 when its client_id was sent before.

        With ``send_at`` the same with what stands under ``scheduled/`` until then.
        """
        user_id = caller_id(request)
        message = self.body(request, schemas.SendMessage, lambda: get_chat(user_id, chat))
        if message.send_at is not None:
            waiting = schedule_message(user_id, chat, message, message.send_at)
            if waiting is not None:
                (answer,) = scheduled_payloads([waiting.scheduled])
                return created(answer) if waiting.is_new else ok(answer)
        return sent_answer(user_id, *send_message(user_id, chat, message))


class MessageView(ApiView):
    """One message."""

    @documented("A message", response=payloads.ViewedMessage, errors=(404,))
    def get(self, request: Request, chat: str, seq: int) -> Response:
        """As the caller sees it."""
        return ok(viewed(caller_id(request), chat, seq))

    @documented(
        "Edit a message",
        request=schemas.Edit,
        response=payloads.ViewedMessage,
        errors=(403, 404, 409),
    )
    def patch(self, request: Request, chat: str, seq: int) -> Response:
        """By its sender, for MESSAGE_EDIT_SECONDS."""
        user_id = caller_id(request)
        edit = self.body(request, schemas.Edit, lambda: viewed(user_id, chat, seq))
        edit_message(user_id, chat, seq, edit.text, preview=edit.preview)
        return ok(viewed(user_id, chat, seq))

    @documented(
        "Delete a message for oneself or for everyone",
        query=schemas.DeleteFor,
        status=204,
        errors=(403, 404, 409),
    )
    def delete(self, request: Request, chat: str, seq: int) -> Response:
        """``?for=me`` (the default) or ``?for=everyone``."""
        user_id = caller_id(request)
        get_chat(user_id, chat)
        if self.query(request, schemas.DeleteFor).for_ == "me":
            delete_for_me(user_id, chat, seq)
        else:
            delete_for_everyone(user_id, chat, seq)
        return no_content()


class ReactionView(ApiView):
    """The caller's reaction to a message."""

    @documented(
        "React to a message",
        request=schemas.React,
        response=payloads.ViewedMessage,
        errors=(403, 404, 409),
    )
    def put(self, request: Request, chat: str, seq: int) -> Response:
        """One emoji a person; another one replaces it."""
        user_id = caller_id(request)
        emoji = self.body(request, schemas.React, lambda: viewed(user_id, chat, seq)).emoji
        react(user_id, chat, seq, emoji)
        return ok(viewed(user_id, chat, seq))

    @documented("Take a reaction back", status=204, errors=(403, 404, 409))
    def delete(self, request: Request, chat: str, seq: int) -> Response:
        """Harmless when there is none."""
        react(caller_id(request), chat, seq, None)
        return no_content()


class MessageStatusView(ApiView):
    """Message info."""

    @documented(
        "Whom a message has reached, and when", response=payloads.MessageStatus, errors=(404,)
    )
    def get(self, request: Request, chat: str, seq: int) -> Response:
        """To the sender only."""
        access = get_chat(caller_id(request), chat)
        return ok(message_status(access, own_message(access, seq).seq))


def sent_answer(user_id: int, draft: Draft, written: Written) -> Response:
    """201 with a message that was just sent; 200 with one that had been, as it is now."""
    sent = payloads.viewed_message(row_of(draft, written), "sent", starred=False)
    if not written.is_repeat:
        return created(sent)
    try:
        access = get_chat(user_id, str(written.chat_id))
        return ok(viewed_messages(access, [own_message(access, written.seq)])[0])
    except NotFound:  # it has expired, the chat was cleared or left: what the caller has sent
        return ok(sent)


class TraceView(ApiView):
    """Where a message got to."""

    @documented("How far a message got, and when", response=payloads.MessageTrace, errors=(404,))
    def get(self, request: Request, chat: str, seq: int) -> Response:
        """To the sender only."""
        access = get_chat(caller_id(request), chat)
        return ok(message_trace(access, own_message(access, seq)))


def viewed(user_id: int, chat: str, seq: int) -> payloads.ViewedMessage:
    """A message as the caller sees it; raises NotFound."""
    access = get_chat(user_id, chat)
    return viewed_messages(access, [message_at(access, seq)])[0]
