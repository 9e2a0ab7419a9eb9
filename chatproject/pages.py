"""The client's page, the server's self-description, and the socket's documentation."""

from typing import TypedDict

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from rest_framework.request import Request
from rest_framework.response import Response

from chatproject.asyncapi import document
from core.http import ApiView, ok
from core.openapi import documented

_NO_CLIENT = b"""<!doctype html><title>chatproject</title>
<p>The server runs, but its web client is not built: run <code>make install</code>
and reload. The API is at <a href="/api/docs/">/api/docs/</a>."""


class ServerInfo(TypedDict):
    """What a client should know before it signs in."""

    name: str
    version: str
    limits: dict[str, int]
    features: list[str]


class ServerView(ApiView):
    """``server/``: open to everybody."""

    open = True

    @documented("The server's name, version, limits and features", response=ServerInfo)
    def get(self, request: Request) -> Response:
        """Static for the life of the process."""
        info = ServerInfo(
            name=settings.SERVER_NAME,
            version=settings.VERSION,
            limits={
                "message_chars": settings.MESSAGE_MAX_CHARS,
                "attachments": settings.ATTACHMENTS_MAX,
                "forward_messages": settings.FORWARD_MESSAGES_MAX,
                "forward_chats": settings.FORWARD_CHATS_MAX,
                "pins_per_chat": settings.PINS_PER_CHAT,
                "group_members": settings.GROUP_MEMBERS_MAX,
                "group_add": settings.GROUP_ADD_MAX,
                "frame_bytes": settings.SOCKET_FRAME_MAX_BYTES,
                "body_bytes": settings.HTTP_BODY_MAX_BYTES,
                "sends_in_flight": settings.SOCKET_SENDS_IN_FLIGHT,
                "sockets_per_user": settings.SOCKETS_PER_USER,
                "media_bytes": settings.MEDIA_MAX_BYTES,
                "media_quota_bytes": settings.MEDIA_QUOTA_BYTES,
                "avatar_bytes": settings.AVATAR_MAX_BYTES,
            },
            features=[
                *["direct", "groups", "presence", "typing", "receipts", "sync", "media", "push"],
                *(["link_previews"] if settings.LINK_PREVIEWS else []),
                *(["statuses"] if settings.STATUSES else []),
                *["calls", "reports", "search"],
            ],
        )
        return ok(info)


def client(request: HttpRequest) -> HttpResponse:
    """The web client; it routes by the fragment, so this is its only page."""
    try:
        page = HttpResponse((settings.WEB_DIST / "index.html").read_bytes())
    except FileNotFoundError:
        page = HttpResponse(_NO_CLIENT, status=503)
    page["Content-Type"] = "text/html; charset=utf-8"
    page["Cache-Control"] = "no-cache"
    return page


def asyncapi(request: HttpRequest) -> JsonResponse:
    """The socket's protocol as an AsyncAPI 3.0 document."""
    return JsonResponse(document())
