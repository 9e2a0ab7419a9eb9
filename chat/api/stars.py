"""Stars over HTTP."""

from rest_framework.request import Request
from rest_framework.response import Response

from chat import payloads
from chat.actions.stars import star
from chat.api.messages import viewed
from chat.paging import list_starred
from core.http import ApiView, caller_id, no_content, ok
from core.openapi import documented
from core.paging import place_of


class StarView(ApiView):
    """The caller's star on a message."""

    @documented("Star a message", response=payloads.ViewedMessage, errors=(404, 409))
    def put(self, request: Request, chat: str, seq: int) -> Response:
        """Nobody else learns of it."""
        user_id = caller_id(request)
        star(user_id, chat, seq, True)
        return ok(viewed(user_id, chat, seq))

    @documented("Take a star off a message", status=204, errors=(404, 409))
    def delete(self, request: Request, chat: str, seq: int) -> Response:
        """Harmless when there is none."""
        star(caller_id(request), chat, seq, False)
        return no_content()


class StarredView(ApiView):
    """What the caller keeps at hand."""

    @documented("Starred messages of all chats", paged=True, response=payloads.StarredPage)
    def get(self, request: Request) -> Response:
        """Those that the caller may still see, the newest star first."""
        return ok(list_starred(caller_id(request), place_of(request)))
