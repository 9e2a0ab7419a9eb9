"""Pins over HTTP."""

from rest_framework.request import Request
from rest_framework.response import Response

from chat import payloads
from chat.access import get_chat
from chat.actions.pins import pin
from chat.api.messages import viewed
from chat.paging import list_pins
from core.http import ApiView, caller_id, no_content, ok
from core.openapi import documented
from core.paging import place_of


class PinView(ApiView):
    """Whether a message stands at the top of its chat."""

    @documented("Pin a message", response=payloads.ViewedMessage, errors=(403, 404, 409))
    def put(self, request: Request, chat: str, seq: int) -> Response:
        """In groups by those who may edit its info; at most PINS_PER_CHAT."""
        user_id = caller_id(request)
        pin(user_id, chat, seq, True)
        return ok(viewed(user_id, chat, seq))

    @documented("Take a pinned message down", status=204, errors=(403, 404, 409))
    def delete(self, request: Request, chat: str, seq: int) -> Response:
        """Harmless when it is not pinned."""
        pin(caller_id(request), chat, seq, False)
        return no_content()


class PinsView(ApiView):
    """What stands at the top of a chat."""

    @documented("The pinned messages", paged=True, response=payloads.PinsPage, errors=(404,))
    def get(self, request: Request, chat: str) -> Response:
        """Those that the caller may see, the newest pin first."""
        access = get_chat(caller_id(request), chat)
        return ok(list_pins(access, place_of(request)))
