"""The bound on request bodies. Django itself writes any length to a temporary file first."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec
from django.conf import settings

from core.errors import AppError, TooLarge
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
                await refuse(scope, send, too_large(settings.HTTP_BODY_MAX_BYTES))
                return {"type": "http.disconnect"}
            return message

        await application(scope, take, send)

    return bounded_application


def too_large(limit: int) -> TooLarge:
    """The refusal of a body over ``limit`` bytes."""
    return TooLarge("body_too_large", f"At most {limit} bytes.")


async def refuse(scope: dict[str, Any], send: Send, error: AppError) -> None:
    """Answers a request with an error before Django has seen it."""
    offered = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
    headers = [
        (b"content-type", b"application/json"),
        (b"x-request-id", request_id_of(offered).encode()),
    ]
    if error.retry_after is not None:
        headers.append((b"retry-after", str(error.retry_after).encode()))
    await send({"type": "http.response.start", "status": error.status, "headers": headers})
    await send(
        {"type": "http.response.body", "body": msgspec.json.encode({"error": error.payload()})}
    )
