"""A person's own side of a chat over HTTP."""

from rest_framework.request import Request
from rest_framework.response import Response

from chat import payloads
from chat.access import get_chat
from chat.actions.clearing import clear_chat
from chat.actions.mine import change_mine
from chat.rendering import chat_answer
from chat.schemas import chats as schemas
from core.http import ApiView, caller_id, ok
from core.openapi import documented


class MineView(ApiView):
    """Mute, archive, pin, mark as unread, keep a draft."""

    @documented(
        "Change the own side of a chat",
        request=schemas.ChangeMine,
        response=payloads.ChatPayload,
        errors=(404, 409),
    )
    def patch(self, request: Request, chat: str) -> Response:
        """What is not given stays as it is."""
        user_id = caller_id(request)
        change = self.body(request, schemas.ChangeMine, lambda: get_chat(user_id, chat))
        return ok(change_mine(user_id, chat, change))


class ClearView(ApiView):
    """The own history of a chat."""

    @documented("Clear a chat for oneself", response=payloads.ChatPayload, errors=(404,))
    def post(self, request: Request, chat: str) -> Response:
        """The chat without its messages; the others keep theirs."""
        user_id = caller_id(request)
        clear_chat(user_id, chat)
        return ok(chat_answer(user_id, get_chat(user_id, chat).chat.pk))
