"""The HTTP door to calls."""

from rest_framework.request import Request
from rest_framework.response import Response

from calls import payloads, schemas
from calls.access import get_call
from calls.actions import leave_call, start_call
from calls.ice import ice_servers
from calls.queries import call_answer, list_calls
from chat.access import get_chat
from core.http import ApiView, caller_id, created, ok
from core.openapi import documented
from core.paging import Page, place_of
from realtime.session import Session


class CallsView(ApiView):
    """The caller's calls."""

    @documented("The calls, the newest first", paged=True, response=Page)
    def get(self, request: Request) -> Response:
        """A page of the log."""
        return ok(list_calls(caller_id(request), place_of(request)))

    @documented(
        "Call the others in a chat",
        request=schemas.StartCall,
        response=payloads.CallAnswer,
        status=201,
        errors=(403, 404, 409),
    )
    def post(self, request: Request) -> Response:
        """201 with the call, which may have ended as ``busy``; 200 for a repeat."""
        user_id = caller_id(request)
        wanted = self.body(request, schemas.StartCall)
        get_chat(user_id, wanted.chat)
        session = request.auth if isinstance(request.auth, Session) else None
        call, is_new = start_call(
            user_id,
            wanted.chat,
            wanted.media,
            device_id=None if session is None else session.device_id,
            client_id=wanted.client_id,
        )
        return created(call_answer(call)) if is_new else ok(call_answer(call))


class CallView(ApiView):
    """One call."""

    @documented("A call", response=payloads.CallAnswer, errors=(404,))
    def get(self, request: Request, call: str) -> Response:
        """To those who take part."""
        return ok(call_answer(get_call(caller_id(request), call).call))


class EndView(ApiView):
    """Hanging up."""

    @documented(
        "Hang up, or do not answer",
        request=schemas.EndCall,
        response=payloads.CallAnswer,
        errors=(404,),
    )
    def post(self, request: Request, call: str) -> Response:
        """Harmless when it has ended."""
        user_id = caller_id(request)
        reason = self.body(request, schemas.EndCall, lambda: get_call(user_id, call)).reason
        return ok(call_answer(leave_call(user_id, call, reason=reason).call))


class IceServersView(ApiView):
    """STUN and TURN."""

    @documented("Where devices find each other", response=payloads.IceServers)
    def get(self, request: Request) -> Response:
        """With credentials of the caller's own."""
        return ok(ice_servers(caller_id(request)))
