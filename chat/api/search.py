"""Search over HTTP."""

from rest_framework.request import Request
from rest_framework.response import Response

from chat.access import get_chat
from chat.schemas.search import SearchMessages
from chat.search.pages import search_messages
from core.errors import Invalid
from core.http import ApiView, caller_id, ok
from core.openapi import documented
from core.paging import Page, place_of
from core.schema import parse


class SearchView(ApiView):
    """All that a person's chats say."""

    @documented(
        "Messages that hold some words, in one or all of the caller's chats",
        query=SearchMessages,
        paged=True,
        response=Page,
        errors=(404, 503),
    )
    def get(self, request: Request) -> Response:
        """The newest first. A parameter without a value is as good as none."""
        user_id = caller_id(request)
        given = {name: value for name, value in request.query_params.dict().items() if value}
        try:
            wanted, place = parse(SearchMessages, given, lax=True), place_of(request)
        except Invalid:
            if "chat" in given:
                get_chat(user_id, given["chat"])  # a stranger hears no more than NotFound
            raise
        return ok(search_messages(user_id, wanted, place))
