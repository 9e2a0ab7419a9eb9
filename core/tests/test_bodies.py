"""Bodies are bounded as they come in, whatever they are sent to."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.conf import settings
from django.core.asgi import get_asgi_application

from core.bodies import bounded

CHUNK = 64 * 1024


class Upload:
    """One request with a body in chunks, of no announced length, over ASGI."""

    def __init__(self, path: str, chunks: Iterator[bytes]) -> None:
        self.chunks = chunks
        self.taken = 0
        self.is_over = False
        self.sent: list[Mapping[str, Any]] = []
        headers = [(b"host", b"testserver"), (b"content-type", b"application/json")]
        headers.append((b"x-request-id", b"mine"))
        self.scope = {
            "type": "http", "method": "POST", "path": path, "query_string": b"", "scheme": "http",
            "headers": headers, "client": ("127.0.0.1", 1), "server": ("testserver", 80),
        }  # fmt: skip

    async def receive(self) -> dict[str, Any]:
        """The next chunk; after the last one the client waits for its answer."""
        if self.is_over:
            await asyncio.Event().wait()
        chunk = next(self.chunks, None)
        self.is_over = chunk is None
        self.taken += len(chunk or b"")
        return {"type": "http.request", "body": chunk or b"", "more_body": chunk is not None}

    async def send(self, message: Mapping[str, Any]) -> None:
        """A part of the answer."""
        self.sent.append(message)

    async def answer(self) -> tuple[int, dict[bytes, bytes], Any]:
        """Status, headers and body."""
        await bounded(get_asgi_application())(self.scope, self.receive, self.send)
        start, *rest = self.sent
        body = b"".join(message["body"] for message in rest)
        return start["status"], dict(start["headers"]), json.loads(body)


@pytest.mark.parametrize("path", ["/api/v1/auth/login/", "/healthz", "/no/such/page"])
async def test_an_endless_body_is_refused_before_it_is_kept(path: str) -> None:
    upload = Upload(path, iter(lambda: b"x" * CHUNK, b""))
    status, headers, body = await upload.answer()
    assert (status, body["error"]["code"]) == (413, "body_too_large")
    assert headers[b"x-request-id"] == b"mine"
    assert upload.taken <= settings.HTTP_BODY_MAX_BYTES + CHUNK


async def test_a_body_of_just_the_size_is_read() -> None:
    upload = Upload("/healthz", iter([b"x" * settings.HTTP_BODY_MAX_BYTES]))
    assert (await upload.answer())[0] == 200
