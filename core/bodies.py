"""The bound on request bodies. Django itself writes any length to a temporary file first."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec
from django.conf import settings

from core.errors import TooLarge
from core.middleware import request_id_of

Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[dict[str, Any], Receive, Send], Awaitable[None]]


def bounded(application: Application) -> Application:
    """The ASGI application, told that the client has gone where a body exceeds
    HTTP_BODY_MAX_BYTES; the client is told 413.
    """

    async def bounded_application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
        taken = 0

        async def take() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > settings.HTTP_BODY_MAX_BYTES:
                await _refuse(scope, send)
                return {"type": "http.disconnect"}
            return message

        await application(scope, take, send)

    return bounded_application


async def _refuse(scope: dict[str, Any], send: Send) -> None:
    offered = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
    headers = [
        (b"content-type", b"application/json"),
        (b"x-request-id", request_id_of(offered).encode()),
    ]
    await send({"type": "http.response.start", "status": TooLarge.status, "headers": headers})
    error = TooLarge("body_too_large", f"At most {settings.HTTP_BODY_MAX_BYTES} bytes.")
    await send(
        {"type": "http.response.body", "body": msgspec.json.encode({"error": error.payload()})}
    )
