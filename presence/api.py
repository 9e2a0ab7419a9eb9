"""HTTP adapters."""

from rest_framework.request import Request
from rest_framework.response import Response

from core.http import ApiView, caller_id, ok
from core.openapi import documented
from core.schema import parse
from presence.access import visible_ids
from presence.payloads import PresenceRow, presence_rows
from presence.queries import presence_of
from presence.schemas import PresenceQuery


class PresenceView(ApiView):
    """Presence of other people."""

    @documented("Who is online", query=PresenceQuery, response=list[PresenceRow], errors=(404,))
    def get(self, request: Request) -> Response:
        """One row for each ``user``; a stranger among them makes it 404."""
        query = parse(PresenceQuery, {"user": request.query_params.getlist("user")})
        ids = visible_ids(caller_id(request), query.user)
        return ok(presence_rows(presence_of(caller_id(request), ids)))
