"""Large bodies: streamed to a file on the loop, before Django is asked.

Django reads a body whole before it calls a view. Here whoever is signed in may send a large one to
the two addresses that take files; it costs a file and no thread, no memory and no transaction
however slow it is. The view finds it in the ASGI scope. Bodies of others take the usual way, with
the usual bound.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from enum import Enum, auto
from io import BytesIO
from typing import IO, Any, NamedTuple

import structlog
from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from rest_framework.request import Request

from accounts.authentication import SESSION_KEY
from accounts.tokens import session_of
from core.bodies import Application, Message, Receive, Send, refuse, too_large
from core.errors import AppError, RateLimited, Unavailable
from media import storage
from realtime.bridge import run_in_thread
from realtime.session import Session

log = structlog.get_logger(__name__)

_KEY = "chatproject.body"
#: What stands around a file in a multipart body.
_ENVELOPE_BYTES = 64 * 1024
_BUFFER_BYTES = 256 * 1024

_WHOLE = re.compile(r"/api/v1/(?:media|users/me/avatar|chats/[0-9]+/avatar)/")
_PIECE = re.compile(r"/api/v1/media/uploads/(?:[0-9]+/)?")

_FRAMING = (b"content-length", b"transfer-encoding")

_on_their_way: "Counter[int]" = Counter()


class Body(NamedTuple):
    """What has arrived of a request's body, from its beginning."""

    file: IO[bytes]
    size: int


class IdleBody(AppError):
    """408: the rest of the body did not come."""

    status = 408


def body_of(request: Request | HttpRequest) -> Body:
    """The body of a request that takes files."""
    scope = getattr(request, "scope", {})
    if (body := scope.get(_KEY)) is not None:
        found: Body = body
        return found
    raw = request.read()  # a small one, that came the usual way
    return Body(BytesIO(raw), len(raw))


def received(application: Application) -> Application:
    """The ASGI application with large bodies received before it is called."""

    async def receiving_application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
        limit = _limit(scope)
        sender = None if limit is None else await _sender(scope)
        if limit is None or sender is None:
            await application(scope, receive, send)
            return
        try:
            with _one_more(sender.user_id), storage.nameless_file() as file:
                begun = {**scope, SESSION_KEY: sender}
                await _pass_on(application, begun, receive, send, Body(file, limit))
        except AppError as error:
            await refuse(scope, send, error)
        except OSError as error:
            log.error("disk_full", error=str(error))
            await refuse(scope, send, Unavailable())

    return receiving_application


async def _pass_on(
    application: Application,
    scope: dict[str, Any],
    receive: Receive,
    send: Send,
    most: Body,
) -> None:
    """Receives at most as many bytes as ``most`` says into its file, then asks the application."""
    file, limit = most
    if _length(scope) > limit:
        raise too_large(limit)
    end, size = await _store(receive, file, limit)
    file.seek(0)
    headers = [one for one in scope["headers"] if one[0] not in _FRAMING]
    headers.append((b"content-length", str(size).encode()))
    scope = {**scope, "headers": headers, _KEY: Body(file, size)}
    if end is _End.WHOLE:
        await application(scope, _empty_then(receive), send)
        return
    if scope["method"] == "PATCH":
        # What has come of a piece is kept; nobody is there to be told.
        await application(scope, _empty_then(_never), _nowhere)
    if end is _End.IDLE:
        raise IdleBody("body_idle", "The rest of the body did not come.")


class _End(Enum):
    """How a body ended: complete, with the line broken, or with nothing more coming."""

    WHOLE = auto()
    BROKEN = auto()
    IDLE = auto()


async def _store(receive: Receive, file: IO[bytes], limit: int) -> tuple[_End, int]:
    """Writes a body to the file; how it ended, and how much has come. Raises TooLarge."""
    waiting = bytearray()
    size, end = 0, None
    while end is None:
        try:
            message = await asyncio.wait_for(receive(), settings.MEDIA_IDLE_SECONDS)
        except TimeoutError:
            end = _End.IDLE
        else:
            if message["type"] == "http.disconnect":
                end = _End.BROKEN
            elif not message.get("more_body", False):
                end = _End.WHOLE
            chunk = message.get("body", b"")
            size += len(chunk)
            if size > limit:
                raise too_large(limit)
            waiting += chunk
        if end is not None or len(waiting) >= _BUFFER_BYTES:
            await asyncio.to_thread(file.write, bytes(waiting))
            waiting.clear()
    return end, size


def _limit(scope: dict[str, Any]) -> int | None:
    """How many bytes a request may bring; None for one that takes no files."""
    method, path = scope["method"], scope["path"]
    if method == "POST" and _WHOLE.fullmatch(path):
        return int(settings.MEDIA_MAX_BYTES) + _ENVELOPE_BYTES
    if method in {"POST", "PATCH"} and _PIECE.fullmatch(path):
        return int(settings.MEDIA_MAX_BYTES)
    return None


def bodies_on_their_way() -> int:
    """How many this process is receiving."""
    return _on_their_way.total()


def _length(scope: dict[str, Any]) -> int:
    text = dict(scope["headers"]).get(b"content-length", b"0")
    return int(text) if text.isdigit() and len(text) < 20 else 0


async def _sender(scope: dict[str, Any]) -> Session | None:
    """Who sends it, by the bearer token; None where the view is to say what is wrong."""
    header = dict(scope["headers"]).get(b"authorization", b"").decode("latin-1")
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer":
        return None
    try:
        return await run_in_thread(session_of, token.strip())
    except (AppError, DatabaseError):
        return None


@contextmanager
def _one_more(user_id: int) -> Iterator[None]:
    """Counts the bodies of one person on their way to this process; raises RateLimited."""
    if _on_their_way[user_id] >= settings.MEDIA_BODIES_PER_USER:
        raise RateLimited(1)
    _on_their_way[user_id] += 1
    try:
        yield
    finally:
        _on_their_way[user_id] -= 1
        if not _on_their_way[user_id]:
            del _on_their_way[user_id]


def _empty_then(receive: Receive) -> Receive:
    """Django is told of an empty body, and then what the server has to say."""
    is_read = False

    async def following() -> Message:
        nonlocal is_read
        if is_read:
            return await receive()
        is_read = True
        return {"type": "http.request", "body": b"", "more_body": False}

    return following


def _never() -> Awaitable[Message]:
    return asyncio.get_running_loop().create_future()


async def _nowhere(message: Message) -> None:
    """Takes an answer that nobody waits for."""
