"""What people have shared in a chat, over HTTP."""

from rest_framework.request import Request
from rest_framework.response import Response

from chat import payloads
from chat.access import get_chat
from chat.schemas.chats import ListShared
from chat.shared import list_shared
from core.http import ApiView, caller_id, ok
from core.openapi import documented
from core.paging import place_of


class SharedView(ApiView):
    """The media, files and links of a chat."""

    @documented(
        "The messages with media, files or links",
        query=ListShared,
        paged=True,
        response=payloads.SharedPage,
        errors=(404,),
    )
    def get(self, request: Request, chat: str) -> Response:
        """Those that the caller may see, the newest first."""
        access = get_chat(caller_id(request), chat)
        return ok(list_shared(access, self.query(request, ListShared).kind, place_of(request)))
