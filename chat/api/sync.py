"""Sync over HTTP."""

from rest_framework.request import Request
from rest_framework.response import Response

from chat.events import SyncAnswer
from chat.schemas import sync as schemas
from chat.sync import Place, place, sync
from core.http import ApiView, caller_id, ok
from core.openapi import documented


class SyncView(ApiView):
    """Sync by heads."""

    @documented("From where a fresh client begins", response=Place)
    def get(self, request: Request) -> Response:
        """Take this first, then list the chats."""
        return ok(place(caller_id(request)))

    @documented("What the client lacks", request=schemas.Sync, response=SyncAnswer)
    def post(self, request: Request) -> Response:
        """A bounded page of events; ask again while ``more``."""
        return ok(sync(caller_id(request), self.body(request, schemas.Sync)))
