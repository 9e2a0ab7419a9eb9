"""Messages that wait for their time, over HTTP."""

from rest_framework.request import Request
from rest_framework.response import Response

from chat import payloads
from chat.access import get_chat, get_scheduled
from chat.actions.scheduled import cancel_scheduled, change_scheduled, send_now
from chat.api.messages import sent_answer
from chat.paging import list_scheduled
from chat.rendering import scheduled_payloads
from chat.schemas import messages as schemas
from core.http import ApiView, caller_id, no_content, ok
from core.openapi import documented
from core.paging import Page, place_of


class ScheduledListView(ApiView):
    """What the caller has scheduled in a chat."""

    @documented("Scheduled messages, the next first", paged=True, response=Page, errors=(404,))
    def get(self, request: Request, chat: str) -> Response:
        """Only the caller's own; those that were refused too."""
        return ok(list_scheduled(get_chat(caller_id(request), chat), place_of(request)))


class ScheduledView(ApiView):
    """One scheduled message."""

    @documented("A scheduled message", response=payloads.ScheduledPayload, errors=(404,))
    def get(self, request: Request, chat: str, id: str) -> Response:
        """While it waits."""
        return ok(scheduled_payloads([get_scheduled(caller_id(request), chat, id)])[0])

    @documented(
        "Change a scheduled message",
        request=schemas.ChangeScheduled,
        response=payloads.ScheduledPayload,
        errors=(404,),
    )
    def patch(self, request: Request, chat: str, id: str) -> Response:
        """Another text or time; with a time one that was refused waits again."""
        user_id = caller_id(request)
        change = self.body(
            request, schemas.ChangeScheduled, lambda: get_scheduled(user_id, chat, id)
        )
        return ok(scheduled_payloads([change_scheduled(user_id, chat, id, change)])[0])

    @documented("Take a scheduled message back", status=204, errors=(404,))
    def delete(self, request: Request, chat: str, id: str) -> Response:
        """Nobody else ever hears of it."""
        cancel_scheduled(caller_id(request), chat, id)
        return no_content()


class SendNowView(ApiView):
    """A scheduled message, before its time."""

    @documented(
        "Send a scheduled message now",
        response=payloads.ViewedMessage,
        status=201,
        errors=(403, 404, 409),
    )
    def post(self, request: Request, chat: str, id: str) -> Response:
        """As ``messages/`` answers; refused, it waits on."""
        user_id = caller_id(request)
        return sent_answer(user_id, *send_now(user_id, chat, id))
