"""Resumable uploads, as tus 1.0 has them."""

import base64
import os
from typing import Any

import pytest
from django.utils.http import parse_http_date
from pytest_django import Settings

from core.clock import now
from media import storage
from media.actions.expiry import expire_uploads
from media.models import Medium, Upload
from media.tests.acts import API, Uploader, code_of, content_of, work
from media.tests.samples import jpeg, recording

pytestmark = pytest.mark.django_db

UPLOADS = f"{API}uploads/"
PIECE = "application/offset+octet-stream"


def tus(who: Uploader, method: str, path: str, data: bytes = b"", **headers: Any) -> Any:
    """A request of a tus client."""
    headers = {name.replace("_", "-"): str(value) for name, value in headers.items()}
    content_type = PIECE if data or method == "PATCH" else "text/plain"
    headers = {"Tus-Resumable": "1.0.0", "Content-Type": content_type} | headers
    answer = who.call(method, path, data, **headers)
    assert answer.headers["Tus-Resumable"] == "1.0.0"
    return answer


def begin(who: Uploader, length: int, **metadata: str) -> str:
    """Begins an upload; its path."""
    pairs = (
        f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in metadata.items()
    )
    answer = tus(who, "POST", UPLOADS, Upload_Length=length, Upload_Metadata=",".join(pairs))
    assert answer.status_code == 201, answer.content
    return str(answer.headers["Location"])


def send(who: Uploader, path: str, piece: bytes, offset: int) -> Any:
    """Sends a piece."""
    return tus(who, "PATCH", path, piece, Upload_Offset=offset)


def place(who: Uploader, path: str) -> tuple[str, str]:
    """Where an upload stands, and its length."""
    answer = tus(who, "HEAD", path)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    return answer.headers["Upload-Offset"], answer.headers["Upload-Length"]


def medium_id(path: str) -> str:
    """The id of what an upload becomes."""
    return path.split("/")[-2]


def test_what_the_server_can_do(alice: Uploader) -> None:
    answer = alice.call("OPTIONS", UPLOADS)
    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert answer.headers["Tus-Max-Size"] == str(64 * 1024 * 1024)
    expected = "creation,creation-with-upload,expiration,termination"
    assert answer.headers["Tus-Extension"] == expected


def test_piece_by_piece(alice: Uploader) -> None:
    whole = jpeg()
    path = begin(alice, len(whole), filename="ü.jpg", filetype="image/jpeg")
    assert path.startswith(UPLOADS)
    assert place(alice, path) == ("0", str(len(whole)))
    answer = send(alice, path, whole[:100], 0)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["Upload-Offset"] == "100"
    assert parse_http_date(answer.headers["Upload-Expires"])
    assert place(alice, path) == ("100", str(len(whole)))
    answer = send(alice, path, b"wrong", 0)
    assert (answer.status_code, code_of(answer)) == (409, "upload_offset")
    assert send(alice, path, b"", 100).headers["Upload-Offset"] == "100"
    answer = send(alice, path, whole[100:], 100)
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(len(whole)))
    # The answer may have been lost.
    assert place(alice, path) == (str(len(whole)), str(len(whole)))
    assert send(alice, path, whole[100:], 100).status_code == 404
    work()
    medium = alice.medium(medium_id(path))
    assert (medium["state"], medium["kind"], medium["name"]) == ("ready", "image", "ü.jpg")
    assert not Upload.objects.exists()
    assert not storage.part_file(int(medium["id"])).exists()


def test_the_first_piece_comes_with_the_beginning(alice: Uploader) -> None:
    answer = tus(alice, "POST", UPLOADS, b"hello ", Upload_Length=11)
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, "6")
    path = answer.headers["Location"]
    send(alice, path, b"world", 6)
    assert content_of(alice.get(alice.medium(medium_id(path))["url"])) == b"hello world"
    whole = tus(alice, "POST", UPLOADS, b"all of it", Upload_Length=9)
    assert (whole.status_code, whole.headers["Upload-Offset"]) == (201, "9")
    assert alice.medium(medium_id(whole.headers["Location"]))["state"] == "ready"


def test_a_voice_note(alice: Uploader) -> None:
    note = recording("webm", "", "libopus")
    path = begin(alice, len(note), filename="note.webm", filetype="audio/webm", kind="voice")
    send(alice, path, note, 0)
    work()
    assert alice.medium(medium_id(path))["kind"] == "voice"


def test_a_film_as_a_file(alice: Uploader) -> None:
    film = recording()
    path = begin(alice, len(film), filename="film.mp4", filetype="video/mp4", kind="file")
    send(alice, path, film, 0)
    medium = alice.medium(medium_id(path))
    assert (medium["kind"], medium["state"], medium["mime"]) == ("file", "ready", "video/mp4")
    assert content_of(alice.get(medium["url"])) == film


def test_an_upload_is_its_owners(alice: Uploader, bob: Uploader) -> None:
    path = begin(alice, 10)
    for answer in (tus(bob, "HEAD", path), send(bob, path, b"x", 0), tus(bob, "DELETE", path)):
        assert answer.status_code == 404
    assert place(alice, path) == ("0", "10")


def test_ending_an_upload(alice: Uploader) -> None:
    path = begin(alice, 10)
    send(alice, path, b"abc", 0)
    assert tus(alice, "DELETE", path).status_code == 204
    assert not storage.part_file(int(medium_id(path))).exists()
    for answer in (
        tus(alice, "HEAD", path),
        send(alice, path, b"d", 3),
        tus(alice, "DELETE", path),
    ):
        assert answer.status_code == 404
    assert not storage.part_file(int(medium_id(path))).exists()


def test_what_is_not_tus_is_refused(alice: Uploader, settings: Settings) -> None:
    settings.MEDIA_MAX_BYTES = 1000
    path = begin(alice, 10)
    cases: list[tuple[Any, int, str]] = [
        (tus(alice, "POST", UPLOADS), 400, "invalid"),
        (tus(alice, "POST", UPLOADS, b"too much", Upload_Length=5), 413, "upload_overrun"),
        (tus(alice, "PATCH", path, b"x"), 400, "invalid"),
        (tus(alice, "PATCH", path, b"x", Upload_Offset="x"), 400, "invalid"),
        (tus(alice, "PATCH", path, b"x", Upload_Offset=5), 409, "upload_offset"),
        (tus(alice, "PATCH", path, b"x" * 11, Upload_Offset=0), 413, "upload_overrun"),
        (
            tus(alice, "PATCH", path, b"x", Upload_Offset=0, Content_Type="text/plain"),
            415,
            "unsupported_type",
        ),
        (tus(alice, "PATCH", UPLOADS + "x/", b"x", Upload_Offset=0), 404, "upload_not_found"),
    ]
    beginnings: list[tuple[dict[str, Any], int, str]] = [
        ({"Upload_Length": "-1"}, 400, "invalid"),
        ({"Upload_Length": "\u0663"}, 400, "invalid"),
        ({"Upload_Length": 0}, 400, "media_empty"),
        ({"Upload_Length": 1001}, 413, "media_too_large"),
        ({"Upload_Length": "9" * 15}, 413, "media_too_large"),
        ({"Upload_Length": 5, "Upload_Metadata": "filename %%"}, 400, "invalid"),
        ({"Upload_Length": 5, "Upload_Metadata": "filename /w=="}, 400, "invalid"),
        ({"Upload_Length": 5, "Upload_Metadata": "kind eA=="}, 400, "invalid"),
        ({"Upload_Length": 5, "Upload_Metadata": "a," * 3000}, 400, "invalid"),
        ({"Upload_Length": 5, "Tus_Resumable": "0.2.2"}, 412, "tus_version"),
    ]
    cases += [(tus(alice, "POST", UPLOADS, **how), *rest) for how, *rest in beginnings]
    for number, (answer, status, code) in enumerate(cases):
        assert (answer.status_code, code_of(answer)) == (status, code), number
    assert tus(alice, "HEAD", UPLOADS + "x/").status_code == 404
    assert place(alice, path) == ("0", "10")
    assert not Medium.objects.exists()


def test_a_lie_ends_the_upload(alice: Uploader) -> None:
    path = begin(alice, 6, filetype="image/png")
    answer = send(alice, path, b"<html>", 0)
    assert (answer.status_code, code_of(answer)) == (415, "media_type_mismatch")
    assert tus(alice, "HEAD", path).status_code == 404
    assert not storage.part_file(int(medium_id(path))).exists()


def test_what_is_announced_counts(alice: Uploader, settings: Settings) -> None:
    settings.MEDIA_QUOTA_BYTES = 1000
    settings.MEDIA_UPLOADS_PER_USER = 2
    path = begin(alice, 600)
    answer = tus(alice, "POST", UPLOADS, Upload_Length=600)
    assert (answer.status_code, code_of(answer)) == (413, "quota_exceeded")
    begin(alice, 1)
    answer = tus(alice, "POST", UPLOADS, Upload_Length=1)
    assert (answer.status_code, code_of(answer)) == (409, "uploads_full")
    tus(alice, "DELETE", path)
    begin(alice, 600)


def test_unfinished_ones_expire(alice: Uploader, settings: Settings) -> None:
    path = begin(alice, 10)
    send(alice, path, b"abc", 0)
    left = storage.part_file(5)
    left.write_bytes(b"of a process that was killed")
    os.utime(left, (0, 0))
    assert expire_uploads(now()) == 0
    assert storage.part_file(int(medium_id(path))).exists() and not left.exists()
    Upload.objects.update(expires_at=now())
    assert tus(alice, "HEAD", path).status_code == 404
    assert expire_uploads(now(), dry_run=True) == 1
    assert Upload.objects.count() == 1
    assert expire_uploads(now()) == 1
    assert not Upload.objects.exists()
    assert not storage.part_file(int(medium_id(path))).exists()
