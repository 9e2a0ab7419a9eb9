"""Polls over HTTP."""

from rest_framework.request import Request
from rest_framework.response import Response

from chat import payloads
from chat.actions.polls import close_poll, vote
from chat.api.messages import viewed
from chat.schemas.polls import Vote
from core.http import ApiView, caller_id, no_content, ok
from core.openapi import documented


class VoteView(ApiView):
    """The caller's vote on a poll."""

    @documented(
        "Vote on a poll",
        request=Vote,
        response=payloads.ViewedMessage,
        errors=(403, 404, 409),
    )
    def put(self, request: Request, chat: str, seq: int) -> Response:
        """In place of the vote before; an empty list takes it back."""
        user_id = caller_id(request)
        options = self.body(request, Vote, lambda: viewed(user_id, chat, seq)).options
        vote(user_id, chat, seq, options)
        return ok(viewed(user_id, chat, seq))

    @documented("Take a vote back", status=204, errors=(403, 404, 409))
    def delete(self, request: Request, chat: str, seq: int) -> Response:
        """Harmless when there is none."""
        vote(caller_id(request), chat, seq, ())
        return no_content()


class ClosePollView(ApiView):
    """Ending a poll before its time."""

    @documented("Close a poll", response=payloads.ViewedMessage, errors=(403, 404, 409))
    def post(self, request: Request, chat: str, seq: int) -> Response:
        """By its sender, in groups also by an admin."""
        user_id = caller_id(request)
        close_poll(user_id, chat, seq)
        return ok(viewed(user_id, chat, seq))
