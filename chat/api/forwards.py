"""Passing messages on over HTTP."""

from rest_framework.request import Request
from rest_framework.response import Response

from chat import payloads
from chat.actions.forwards import forward
from chat.rendering import forwarded_messages
from chat.schemas.forwards import Forward
from core.http import ApiView, caller_id, created, ok
from core.openapi import documented


class ForwardView(ApiView):
    """Messages that go on to other chats."""

    @documented(
        "Forward messages",
        request=Forward,
        response=payloads.ForwardedMessages,
        status=201,
        errors=(403, 404, 409),
    )
    def post(self, request: Request) -> Response:
        """Each to each chat, all or none: 201; 200 when its client_id was sent before."""
        user_id = caller_id(request)
        places, is_repeat = forward(user_id, self.body(request, Forward))
        answer = forwarded_messages(user_id, places)
        return ok(answer) if is_repeat else created(answer)
