"""Pictures of groups over HTTP."""

from rest_framework.request import Request
from rest_framework.response import Response

from chat import payloads
from chat.actions.group_avatars import drop_group_avatar, get_group_to_change, set_group_avatar
from chat.rendering import chat_answer
from core.http import ApiView, caller_id, created, no_content
from core.openapi import documented
from media.api import receive_form
from media.forms import FormParser
from media.models import Purpose
from media.schemas import UploadForm


class GroupAvatarView(ApiView):
    """The picture of a group."""

    parser_classes = (FormParser,)

    @documented(
        "Set the picture of a group",
        form=UploadForm,
        response=payloads.ChatPayload,
        status=201,
        errors=(403, 404, 408, 409, 413, 415),
    )
    def post(self, request: Request, chat: str) -> Response:
        """By whom ``edit_info`` allows. The path is known at once; it opens when the picture is
        ready.
        """
        user_id = caller_id(request)
        access = get_group_to_change(user_id, chat)
        set_group_avatar(user_id, chat, receive_form(request, Purpose.AVATAR))
        return created(chat_answer(user_id, access.chat.pk))

    @documented("Take the picture of a group away", status=204, errors=(403, 404))
    def delete(self, request: Request, chat: str) -> Response:
        """Also when there is none."""
        drop_group_avatar(caller_id(request), chat)
        return no_content()
