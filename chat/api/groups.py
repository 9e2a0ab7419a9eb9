"""Members of chats over HTTP."""

from rest_framework.request import Request
from rest_framework.response import Response

from chat import payloads
from chat.access import get_chat
from chat.actions.members import add_members, remove_member, set_role
from chat.models import Membership
from chat.participants import list_participants, participant, participants
from chat.schemas import groups as schemas
from core.errors import Invalid
from core.http import ApiView, caller_id, created, no_content, ok
from core.openapi import documented
from core.paging import place_of


class ParticipantsView(ApiView):
    """Who is in a chat."""

    @documented(
        "Members, in the order in which they came",
        paged=True,
        response=payloads.Participants,
        errors=(404,),
    )
    def get(self, request: Request, chat: str) -> Response:
        """A page of them; of direct chats too."""
        access = get_chat(caller_id(request), chat)
        return ok(list_participants(access, place_of(request)))

    @documented(
        "Add connections to a group",
        request=schemas.AddMembers,
        response=payloads.Participant,
        status=201,
        errors=(403, 404, 409),
    )
    def post(self, request: Request, chat: str) -> Response:
        """With ``user`` the answer is their row, with ``users`` a list; 200 if all were in it."""
        me = caller_id(request)
        wanted = self.body(request, schemas.AddMembers, lambda: get_chat(me, chat))
        one, several = wanted.user, wanted.users
        if (one is None) == (several is None):
            get_chat(me, chat)
            raise Invalid("invalid", "Give either user or users.")
        names, field = ([one], "user") if one is not None else (several, "users")
        access, ids, is_new = add_members(me, chat, names or (), field)
        rows = participants(access, ids)
        return (created if is_new else ok)(rows if one is None else rows["results"][0])


class ParticipantView(ApiView):
    """A member of a group."""

    @documented(
        "Give a member another role",
        request=schemas.SetRole,
        response=payloads.Participant,
        errors=(403, 404, 409),
    )
    def patch(self, request: Request, chat: str, user: str) -> Response:
        """Only by the owner; ``owner`` passes the group on."""
        me = caller_id(request)
        role = self.body(request, schemas.SetRole, lambda: get_chat(me, chat)).role
        member = set_role(me, chat, user, Membership.Role(role))
        return ok(participant(get_chat(me, chat), member))

    @documented("Remove a member, or leave", status=204, errors=(403, 404))
    def delete(self, request: Request, chat: str, user: str) -> Response:
        """By admins; with one's own id: leave the group."""
        remove_member(caller_id(request), chat, user)
        return no_content()
