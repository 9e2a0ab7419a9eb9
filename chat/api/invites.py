"""Invites and requests to join over HTTP."""

from functools import partial

from rest_framework.request import Request
from rest_framework.response import Response

from chat import payloads
from chat.access import get_chat
from chat.actions.invites import decide_request, join, make_invite, revoke_invite
from chat.invites import Link, invite_payload, list_invites, list_join_requests, token_of
from chat.join_requests import request_payload
from chat.rendering import chat_answer
from chat.schemas import invites as schemas
from connections.qr_image import link_of
from core.http import ApiView, accepted, caller_id, created, no_content, ok
from core.openapi import documented
from core.paging import place_of


def _link(request: Request) -> Link:
    return partial(link_of, request=request, to="j")


class InvitesView(ApiView):
    """The codes of a group."""

    @documented(
        "Invites that were not revoked, the newest first",
        paged=True,
        response=payloads.Invites,
        errors=(403, 404),
    )
    def get(self, request: Request, chat: str) -> Response:
        """All of them for admins, one's own for others who may invite."""
        access = get_chat(caller_id(request), chat)
        access.require_invite()
        return ok(list_invites(access, place_of(request), _link(request)))

    @documented(
        "Make an invite",
        request=schemas.NewInvite,
        response=payloads.InvitePayload,
        status=201,
        errors=(403, 404, 409),
    )
    def post(self, request: Request, chat: str) -> Response:
        """The only answer that has the token."""
        me = caller_id(request)
        wanted = self.body(request, schemas.NewInvite, lambda: get_chat(me, chat))
        invite = make_invite(me, chat, wanted)
        payload = invite_payload(invite, _link(request))
        return created({**payload, "token": token_of(invite.pk)})


class InviteView(ApiView):
    """A code of a group."""

    @documented("Revoke an invite", query=schemas.RevokeInvite, status=204, errors=(403, 404))
    def delete(self, request: Request, chat: str, invite: str) -> Response:
        """With ``?remove_members=true``: and remove all whom it has let in."""
        me = caller_id(request)
        get_chat(me, chat)
        also = self.query(request, schemas.RevokeInvite).remove_members
        revoke_invite(me, chat, invite, remove_members=also)
        return no_content()


class JoinView(ApiView):
    """Joining by a code."""

    @documented(
        "Join a group by its code",
        request=schemas.Join,
        response=payloads.ChatPayload,
        errors=(409, 410),
    )
    def post(self, request: Request) -> Response:
        """202 where an admin has to agree first."""
        me = caller_id(request)
        chat_id, asked = join(me, self.body(request, schemas.Join).token)
        if asked is None:
            return ok(chat_answer(me, get_chat(me, str(chat_id)).chat.pk))
        pending: payloads.JoinPending = {
            "status": asked.status,
            "request": request_payload(asked),
        }
        return accepted(pending)


class JoinRequestsView(ApiView):
    """Who asks to be let into a group."""

    @documented(
        "Open requests, the newest first",
        paged=True,
        response=payloads.JoinRequests,
        errors=(403, 404),
    )
    def get(self, request: Request, chat: str) -> Response:
        """For admins."""
        access = get_chat(caller_id(request), chat)
        access.require_admin()
        return ok(list_join_requests(access, place_of(request)))


class ApproveJoinView(ApiView):
    """Letting somebody in."""

    @documented(
        "Approve a request to join",
        response=payloads.JoinRequestPayload,
        errors=(403, 404, 409),
    )
    def post(self, request: Request, chat: str, id: str) -> Response:
        """By admins."""
        return ok(request_payload(decide_request(caller_id(request), chat, id, approve=True)))


class RejectJoinView(ApiView):
    """Turning somebody down."""

    @documented(
        "Reject a request to join",
        response=payloads.JoinRequestPayload,
        errors=(403, 404, 409),
    )
    def post(self, request: Request, chat: str, id: str) -> Response:
        """By admins."""
        return ok(request_payload(decide_request(caller_id(request), chat, id, approve=False)))
