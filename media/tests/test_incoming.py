"""Large bodies on their way: over ASGI, without a server."""

import asyncio
import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.asgi import get_asgi_application
from pytest_django import Settings
from time_machine import TimeMachineFixture

from accounts.models import Device
from core.bodies import bounded
from core.clock import now
from media.incoming import bodies_on_their_way, received
from media.models import Blob, Upload
from media.tests.acts import Uploader
from realtime.bridge import run_in_thread
from tests.client import eventually

pytestmark = pytest.mark.django_db(transaction=True)

CHUNK = 64 * 1024
FORM = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n'
END = b"\r\n--x--\r\n"

application = received(bounded(get_asgi_application()))


class Sending:
    """A request whose body comes in pieces, when the test says so."""

    def __init__(
        self, token: str, method: str = "POST", path: str = "media/", **headers: str
    ) -> None:
        named = {"authorization": f"Bearer {token}", "host": "testserver"}
        named |= {"content-type": "multipart/form-data; boundary=x"}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        self.scope = {
            "type": "http", "method": method, "path": f"/api/v1/{path}", "query_string": b"",
            "headers": [(name.encode(), value.encode()) for name, value in named.items()],
            "scheme": "http", "client": ("127.0.0.1", 1), "server": ("testserver", 80),
        }  # fmt: skip
        self.pieces: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.sent: list[Mapping[str, Any]] = []
        self.task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        await application(self.scope, self.pieces.get, self.send)

    async def send(self, message: Mapping[str, Any]) -> None:
        """A part of the answer."""
        self.sent.append(message)

    def give(self, body: bytes, more: bool = True) -> None:
        """A piece of the body arrives."""
        self.pieces.put_nowait({"type": "http.request", "body": body, "more_body": more})

    def hang_up(self) -> None:
        """The line breaks."""
        self.pieces.put_nowait({"type": "http.disconnect"})

    async def answer(self) -> tuple[int, Any]:
        """Status and body."""
        await asyncio.wait_for(self.task, 20)
        start, *rest = self.sent
        body = b"".join(message.get("body", b"") for message in rest)
        return start["status"], json.loads(body) if body else None


async def on_their_way(count: int) -> None:
    """Waits until so many bodies are."""

    async def check() -> bool:
        return bodies_on_their_way() == count

    await eventually(check)


@pytest.fixture
def token(alice: Uploader) -> str:
    """Alice's."""
    return alice.token


async def test_a_large_file_without_a_length(token: str) -> None:
    sending = Sending(token)
    sending.give(FORM)
    for _ in range(20):
        sending.give(b"\0" * CHUNK)
    sending.give(END, more=False)
    status, medium = await sending.answer()
    assert (status, medium["size"], medium["state"]) == (201, 20 * CHUNK, "ready")


async def test_more_than_is_allowed_is_cut_off(token: str, settings: Settings) -> None:
    settings.MEDIA_MAX_BYTES = CHUNK
    sending = Sending(token)
    for _ in range(4):
        sending.give(b"\0" * CHUNK)
    status, body = await sending.answer()
    assert (status, body["error"]["code"]) == (413, "body_too_large")
    announced = Sending(token, content_length=str(10**9))
    assert (await announced.answer())[0] == 413
    assert bodies_on_their_way() == 0


async def test_a_disk_that_takes_nothing(token: str, settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_DIR = tmp_path / "file" / "media"
    (tmp_path / "file").touch()
    status, body = await Sending(token).answer()
    assert (status, body["error"]["code"]) == (503, "unavailable")


async def test_strangers_have_the_usual_bound(token: str) -> None:
    for stranger in (Sending("nonsense"), Sending(token, path="users/me/")):
        for _ in range(8):
            stranger.give(b"\0" * CHUNK)
        assert (await stranger.answer())[0] == 413
    small = Sending("nonsense")
    small.give(FORM + END, more=False)
    assert (await small.answer())[0] == 401


async def test_one_person_sends_so_many_at_once(token: str, settings: Settings) -> None:
    settings.MEDIA_BODIES_PER_USER = 2
    going = [Sending(token), Sending(token)]
    await on_their_way(2)
    status, body = await Sending(token).answer()
    assert (status, body["error"]["code"]) == (429, "rate_limited")
    for sending in going:
        sending.hang_up()
        await sending.task
        assert sending.sent == []
    assert bodies_on_their_way() == 0
    assert not await run_in_thread(Upload.objects.exists)


async def test_a_body_that_stops_coming_is_cut(token: str, settings: Settings) -> None:
    settings.MEDIA_IDLE_SECONDS = 0.05
    form = Sending(token)
    form.give(FORM)
    status, body = await form.answer()
    assert (status, body["error"]["code"]) == (408, "body_idle")
    # Of a piece what has come is kept.
    tus = {"tus_resumable": "1.0.0", "content_type": "application/offset+octet-stream"}
    beginning = Sending(token, path="media/uploads/", upload_length="10", **tus)
    beginning.give(b"", more=False)
    assert (await beginning.answer())[0] == 201
    upload = await run_in_thread(Upload.objects.get)
    piece = Sending(token, "PATCH", f"media/uploads/{upload.pk}/", upload_offset="0", **tus)
    piece.give(b"abc")
    assert (await piece.answer())[0] == 408
    head = Sending(token, "HEAD", f"media/uploads/{upload.pk}/", **tus)
    head.give(b"", more=False)
    await head.answer()
    assert (b"Upload-Offset", b"3") in head.sent[0]["headers"]
    broken = Sending(token, "PATCH", f"media/uploads/{upload.pk}/", upload_offset="3", **tus)
    broken.give(b"defg")
    broken.hang_up()
    await broken.task
    assert broken.sent == []
    last = Sending(token, "PATCH", f"media/uploads/{upload.pk}/", upload_offset="7", **tus)
    last.give(b"hij", more=False)
    assert (await last.answer())[0] == 204
    blob = await run_in_thread(Blob.objects.get, media=upload.pk)
    assert blob.uploaded_size == 10


async def test_a_token_may_run_out_on_the_way_and_a_device_may_not(
    alice: Uploader, time_machine: TimeMachineFixture
) -> None:
    sending, late = Sending(alice.token), Sending(alice.token)
    await on_their_way(2)
    time_machine.move_to(now() + timedelta(seconds=settings.ACCESS_TOKEN_LIFETIME + 1))
    expired = Sending(alice.token)
    expired.give(FORM + END, more=False)
    assert (await expired.answer())[1]["error"]["code"] == "token_expired"
    sending.give(FORM + b"text" + END, more=False)
    assert (await sending.answer())[0] == 201
    await run_in_thread(Device.objects.update, revoked_at=now())
    late.give(FORM + b"text" + END, more=False)
    assert (await late.answer())[1]["error"]["code"] == "device_revoked"
