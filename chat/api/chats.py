"""Chats over HTTP: the list, one chat, marks, who is online."""

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.payloads import people
from chat import payloads
from chat.access import Access, get_chat
from chat.actions.chats import open_direct_chat
from chat.actions.clearing import delete_chat
from chat.actions.groups import change_chat, create_group
from chat.actions.receipts import raise_mark
from chat.paging import list_chats
from chat.queries import member_ids
from chat.receipts import MarkKind
from chat.rendering import chat_answer
from chat.schemas import chats as schemas
from chat.schemas.groups import ChangeChat, NewChat, NewGroup
from core.http import ApiView, caller_id, created, no_content, ok
from core.openapi import documented
from core.paging import Page, page, place_of
from core.paging import Place as PagePlace
from presence.queries import presence_of


class ChatsView(ApiView):
    """The chat list."""

    @documented(
        "The chats, latest activity first", query=schemas.ListChats, paged=True, response=Page
    )
    def get(self, request: Request) -> Response:
        """A page of the list."""
        return ok(
            list_chats(
                caller_id(request), self.query(request, schemas.ListChats), place_of(request)
            )
        )

    @documented(
        "Find or create a direct chat, or create a group",
        request=NewChat,
        response=payloads.ChatPayload,
        status=201,
        errors=(404, 409),
    )
    def post(self, request: Request) -> Response:
        """201 when it was made, 200 when it was there."""
        me = caller_id(request)
        wanted = self.body(request, NewChat)
        if isinstance(wanted, NewGroup):
            chat, is_new = create_group(me, wanted)
        else:
            access, is_new = open_direct_chat(me, wanted.user)
            chat = access.chat
        return (created if is_new else ok)(chat_answer(me, chat.pk))


class ChatView(ApiView):
    """One chat."""

    @documented("A chat", response=payloads.ChatPayload, errors=(404,))
    def get(self, request: Request, chat: str) -> Response:
        """The chat as the caller sees it."""
        return ok(chat_answer(caller_id(request), get_chat(caller_id(request), chat).chat.pk))

    @documented(
        "Change what all members share",
        request=ChangeChat,
        response=payloads.ChatPayload,
        errors=(403, 404),
    )
    def patch(self, request: Request, chat: str) -> Response:
        """Of a group, and how long messages live in any chat."""
        me = caller_id(request)
        change_chat(me, chat, self.body(request, ChangeChat, lambda: get_chat(me, chat)))
        return ok(chat_answer(me, get_chat(me, chat).chat.pk))

    @documented("Delete a chat from the own list", status=204, errors=(404, 409))
    def delete(self, request: Request, chat: str) -> Response:
        """Until a message follows; the others keep theirs. A group has to be left first."""
        delete_chat(caller_id(request), chat)
        return no_content()


class DeliveredView(ApiView):
    """The caller's delivered mark."""

    @documented(
        "Everything up to seq has reached a device",
        request=schemas.Mark,
        response=payloads.MarkPayload,
        errors=(404,),
    )
    def post(self, request: Request, chat: str) -> Response:
        """Where the mark stands now."""
        return ok(_raise(self, request, chat, "delivered"))


class SeenView(ApiView):
    """The caller's seen mark."""

    @documented(
        "Everything up to seq has been seen",
        request=schemas.Mark,
        response=payloads.MarkPayload,
        errors=(404,),
    )
    def post(self, request: Request, chat: str) -> Response:
        """Where the mark stands now."""
        return ok(_raise(self, request, chat, "seen"))


def _raise(view: ApiView, request: Request, chat: str, kind: MarkKind) -> payloads.MarkPayload:
    user_id = caller_id(request)
    seq = view.body(request, schemas.Mark, lambda: get_chat(user_id, chat)).seq
    return raise_mark(user_id, chat, kind, seq).payload(kind)


class OnlineUsersView(ApiView):
    """Who of a chat is online."""

    @documented("Members online now", paged=True, response=Page, errors=(404,))
    def get(self, request: Request, chat: str) -> Response:
        """Those who let the caller see it, by id; the caller too."""
        access = get_chat(caller_id(request), chat)
        return ok(online_members(access, place_of(request)))


def online_members(access: Access, place: PagePlace) -> Page:
    """A page of the ids of members whom the caller may know to be online."""
    after = place.ints(1) or [0]
    ids = member_ids(access.chat.pk)
    known = presence_of(access.membership.user_id, ids)
    online = sorted(one for one in ids if one > after[0] and one in known and known[one].online)
    return page(
        online,
        place,
        key=lambda user_id: [user_id],
        payload=str,
        users=people(online[: place.limit]),
    )
