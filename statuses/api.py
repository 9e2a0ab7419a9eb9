"""The HTTP door to statuses."""

from rest_framework.request import Request
from rest_framework.response import Response

from chat.payloads import ViewedMessage, viewed_message
from chat.writer import row_of
from core.http import ApiView, caller_id, created, no_content, ok
from core.openapi import documented
from core.paging import Page, place_of
from statuses import payloads, schemas
from statuses.access import get_status, require_statuses
from statuses.actions import delete_status, post_status, reply_to_status, switch, view_status
from statuses.models import SwitchedOff
from statuses.queries import list_statuses, list_views, status_answer


class StatusesView(ApiView):
    """What the caller may see."""

    @documented("Statuses, the newest first", paged=True, response=Page, errors=(404,))
    def get(self, request: Request) -> Response:
        """One's own and connections'."""
        return ok(list_statuses(caller_id(request), place_of(request)))

    @documented(
        "Show a status",
        request=schemas.PostStatus,
        response=payloads.StatusPayload,
        status=201,
        errors=(403, 404, 409),
    )
    def post(self, request: Request) -> Response:
        """201, or 200 for a repeat."""
        user_id = caller_id(request)
        status, is_new = post_status(user_id, self.body(request, schemas.PostStatus))
        answer = status_answer(user_id, status.pk)
        return created(answer) if is_new else ok(answer)


class StatusView(ApiView):
    """One status."""

    @documented("A status", response=payloads.StatusPayload, errors=(404,))
    def get(self, request: Request, status: str) -> Response:
        """As the caller sees it."""
        user_id = caller_id(request)
        return ok(status_answer(user_id, get_status(user_id, status).pk))

    @documented("Take a status of one's own down", status=204, errors=(404,))
    def delete(self, request: Request, status: str) -> Response:
        """With its file."""
        delete_status(caller_id(request), status)
        return no_content()


class ViewView(ApiView):
    """Looking at a status."""

    @documented("A status was looked at", response=payloads.StatusPayload, errors=(404,))
    def post(self, request: Request, status: str) -> Response:
        """Its owner is told the first time."""
        user_id = caller_id(request)
        view_status(user_id, status)
        return ok(status_answer(user_id, get_status(user_id, status).pk))


class ViewsView(ApiView):
    """Who has looked."""

    @documented("Who has looked at a status of one's own", paged=True, response=Page, errors=(404,))
    def get(self, request: Request, status: str) -> Response:
        """The latest first."""
        return ok(list_views(caller_id(request), status, place_of(request)))


class ReplyView(ApiView):
    """Answering a status."""

    @documented(
        "Answer a status in the direct chat with its owner",
        request=schemas.Reply,
        response=ViewedMessage,
        status=201,
        errors=(403, 404, 409),
    )
    def post(self, request: Request, status: str) -> Response:
        """The message."""
        user_id = caller_id(request)
        reply = self.body(request, schemas.Reply, lambda: get_status(user_id, status))
        draft, written = reply_to_status(user_id, status, reply.text, reply.client_id)
        message = viewed_message(row_of(draft, written), "sent", starred=False)
        return ok(message) if written.is_repeat else created(message)


class SettingsView(ApiView):
    """Whether the caller wants statuses at all."""

    @documented("Are statuses switched on?", response=payloads.SettingsPayload, errors=(404,))
    def get(self, request: Request) -> Response:
        """Until one switches them off."""
        require_statuses()
        off = SwitchedOff.objects.filter(user_id=caller_id(request)).exists()
        return ok(payloads.SettingsPayload(enabled=not off))

    @documented(
        "Switch statuses on or off",
        request=schemas.Settings,
        response=payloads.SettingsPayload,
        errors=(404,),
    )
    def patch(self, request: Request) -> Response:
        """Off: one's own are taken down, and others' are not shown."""
        wanted = self.body(request, schemas.Settings)
        switch(caller_id(request), enabled=wanted.enabled)
        return ok(payloads.SettingsPayload(enabled=wanted.enabled))
