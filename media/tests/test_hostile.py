"""Files made to do harm: each is refused or passed on harmlessly, and the worker goes on."""

import gzip
import struct
import sys
import zipfile
import zlib
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from pytest_django import Settings

from core.errors import Unavailable
from media import storage
from media.actions.processing import process
from media.models import Blob
from media.sniff import safe_name
from media.tests.acts import Uploader, code_of, content_of, work
from media.tests.samples import SECRET, encoded, huge_png, jpeg, picture, recording
from media.tests.test_access import stored

pytestmark = pytest.mark.django_db

SCRIPT = b"<script>alert(document.domain)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PLAYLIST = b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"


def moving(count: int) -> bytes:
    """A GIF of many frames."""
    side = 8
    frames = [Image.new("L", (side, side), number % 256) for number in range(count)]
    return encoded(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=20)


def zlib_bomb() -> bytes:
    """A PNG of 7000 x 7000 black pixels in some kilobytes, after it a text of 100 MB."""
    rows = (b"\0" * (1 + 3 * 7000)) * 7000
    whole = huge_png(7000, 7000, rows)
    text = b"Comment\0\0" + zlib.compress(b"\0" * 100_000_000)
    chunk = struct.pack(">I", len(text)) + b"zTXt" + text
    chunk += struct.pack(">I", zlib.crc32(b"zTXt" + text))
    return whole[:33] + chunk + whole[33:]


def with_size(film: bytes, width: int, height: int) -> bytes:
    """A film whose sample description lies about its size."""
    at = film.index(b"avc1", film.index(b"stsd")) + 28
    return film[:at] + struct.pack(">HH", width, height) + film[at + 4 :]


def webp_canvas() -> bytes:
    """A WebP that wants a canvas of a gigabyte."""
    side = (16_383).to_bytes(3, "little")
    chunk = b"VP8X" + struct.pack("<I", 10) + b"\x02\0\0\0" + side + side
    body = b"WEBP" + chunk + b"ANIM" + struct.pack("<IIH", 6, 0, 0)
    return b"RIFF" + struct.pack("<I", len(body)) + body


#: What is sent, and why it is rejected.
REJECTED: dict[str, tuple[Any, set[str]]] = {
    "65535 x 65535": (lambda: huge_png(65_535, 65_535), {"too_large"}),
    "2^31 x 1": (lambda: huge_png(2**31 - 1, 1), {"too_large"}),
    "1 x 70000": (lambda: huge_png(1, 70_000), {"too_large"}),
    "no pixels": (lambda: huge_png(100, 100), {"broken"}),
    "zero": (lambda: huge_png(0, 0), {"broken"}),
    "a text of 100 MB": (zlib_bomb, {"broken"}),
    "truncated jpeg": (lambda: jpeg()[: len(jpeg()) // 2], {"broken"}),
    "a jpeg's head": (lambda: b"\xff\xd8\xff\xe0" + b"\0" * 100, {"broken"}),
    "truncated png": (lambda: encoded(Image.effect_noise((64, 64), 9), "PNG")[:900], {"broken"}),
    "truncated webp": (lambda: encoded(picture(), "WEBP")[:60], {"broken"}),
    "webp canvas": (webp_canvas, {"too_large", "broken"}),
    "gif without end": (lambda: moving(1200), {"too_long"}),
    "heic of nothing": (lambda: b"\0\0\0\x18ftypheic\0\0\0\0heicmif1" + b"\0" * 99, {"broken"}),
    "mp4 of nothing": (lambda: b"\0\0\0\x18ftypisom\0\0\0\0isommp41" + b"\0" * 99, {"broken"}),
    "truncated mp4": (lambda: recording()[:-900][: len(recording()) // 2], {"broken"}),
    "garbage mkv": (
        lambda: b"\x1aE\xdf\xa3\x01\0\0\0\0\0\0\x1fB\x86webm" + b"\xff" * 500,
        {"broken"},
    ),
    "garbage ogg": (lambda: b"OggS" + b"\xff" * 500, {"broken", "no_sound"}),
    "garbage mp3": (lambda: b"ID3\x03" + b"\xff" * 5000, {"broken", "no_sound"}),
    "garbage wav": (lambda: b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0" + b"\xff" * 99, {"broken"}),
    "playlist in an mp4's clothes": (lambda: b"\0\0\0\x18ftypisom" + PLAYLIST, {"broken"}),
}


@pytest.mark.parametrize("name", REJECTED)
def test_what_cannot_be_decoded_is_rejected(alice: Uploader, name: str) -> None:
    make, reasons = REJECTED[name]
    medium = alice.has(make(), name)
    assert (medium["state"], medium["url"], medium["thumbnail_url"]) == ("rejected", None, None)
    assert medium["reason"] in reasons
    assert medium["size"] == 0
    assert stored() == set()  # no byte of it is kept
    assert alice.get(f"/media/{medium['id']}/x").status_code == 404


#: Harmless once written anew, with nothing left of what was hidden in them.
DISARMED: dict[str, Any] = {
    "gif and jar": lambda: encoded(picture(), "GIF") + _zip(b"Main.class", SECRET.encode()),
    "jpeg and html": lambda: jpeg() + SCRIPT + SECRET.encode(),
    "png and html": lambda: encoded(picture(), "PNG") + SCRIPT + SECRET.encode(),
    "html in a comment": lambda: encoded(picture(), "JPEG", comment=SCRIPT + SECRET.encode()),
    "mp4 and html": lambda: recording() + SCRIPT + SECRET.encode(),
    "a film that lies about its size": lambda: with_size(recording(), 65_535, 65_535),
}


@pytest.mark.parametrize("name", DISARMED)
def test_what_hides_behind_a_picture_is_gone(alice: Uploader, name: str) -> None:
    medium = alice.has(DISARMED[name]())
    assert medium["state"] == "ready", medium["reason"]
    raw = content_of(alice.get(medium["url"]))
    assert b"script" not in raw and SECRET.encode() not in raw


def _zip(name: bytes, content: bytes) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name.decode(), content)
    return file.getvalue()


def _nested() -> bytes:
    content = b"\0" * 1_000_000
    for _ in range(4):
        content = _zip(b"inner.zip", content)
    return content


#: Passed on as they came, for nobody to open in place.
FILES: dict[str, Any] = {
    "page.html": SCRIPT,
    "picture.svg": SVG,
    "list.m3u8": PLAYLIST,
    "concat.txt": b"ffconcat version 1.0\nfile /etc/passwd\n",
    "bomb.gz": gzip.compress(b"\0" * 10_000_000),
    "nested.zip": _nested(),
    "paper.pdf": b"%PDF-1.7\n/OpenAction << /S /JavaScript /JS (app.alert(1)) >>",
    "program.exe": b"MZ" + b"\0" * 100,
    "movie.avi": b"RIFF\0\0\0\0AVI LIST",
    "photo.tiff": b"II*\0" + b"\0" * 50,
    "photo.avif": b"\0\0\0\x1cftypavif\0\0\0\0avifmif1",
    "clip.swf": b"CWS" + b"\0" * 50,
    "drawing.eps": b"%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) run",
    "telescope.fits": b"SIMPLE  =" + b" " * 100,
}


@pytest.mark.parametrize("name", FILES)
def test_other_files_are_for_saving_only(alice: Uploader, name: str) -> None:
    medium = alice.upload(FILES[name], name, "application/octet-stream").json()
    assert (medium["kind"], medium["state"], medium["thumbnail_url"]) == ("file", "ready", None)
    assert work() == 0  # no decoder has seen it
    answer = alice.get(medium["url"])
    assert content_of(answer) == FILES[name]
    headers = answer.headers
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_type_that_is_a_lie_is_refused(alice: Uploader) -> None:
    lies = [
        (SCRIPT, "image/png"),
        (SVG, "image/jpeg; charset=utf-8"),
        (_nested(), "video/mp4"),
        (PLAYLIST, "audio/mpeg"),
        (jpeg(), "video/mp4"),
        (recording(), "image/gif"),
    ]
    for content, declared in lies:
        answer = alice.upload(content, "a.png", declared)
        assert (answer.status_code, code_of(answer)) == (415, "media_type_mismatch"), declared
    for content, kind in ((SCRIPT, "voice"), (jpeg(), "voice")):
        answer = alice.upload(content, "a", kind=kind)
        assert (answer.status_code, code_of(answer)) == (415, "media_type_mismatch")
    assert not Blob.objects.exists()
    # Another picture than it says, and an unknown picture, are no lies.
    assert alice.has(jpeg(), "a.png", content_type="image/png")["mime"] == "image/jpeg"
    assert alice.has(SVG, "a.svg", content_type="image/svg+xml")["kind"] == "file"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("a\0b\r\nSet-Cookie: x.txt", "abSet-Cookie_ x.txt"),
        ("photo\u202egnp.exe", "photognp.exe"),
        ('quo"te;.txt', "quo_te;.txt"),
        ("evil.png.exe", "evil.png.exe"),
        ("...", "file"),
        (" .hidden ", "hidden"),
        ("", "file"),
        ("\ud800", "file"),
        ("日本語.txt", "日本語.txt"),
        ("e\u0301.txt", "é.txt"),
        ("x" * 300 + ".txt", "x" * 197 + ".txt"),
        ("ü" * 300, "ü" * 100),
        ("a." + "b" * 300, ("a." + "b" * 300)[:200]),
    ],
)
def test_names_are_made_safe(sent: str, kept: str) -> None:
    assert safe_name(sent) == kept
    assert len(safe_name(sent).encode()) <= 201


def test_a_strange_name_stays_within_its_header_and_path(alice: Uploader) -> None:
    medium = alice.upload(b"text", "ü 1%2f..%2f;'.txt").json()
    assert medium["name"] == "ü 1_2f.._2f;'.txt"
    assert medium["url"] == f"/media/{medium['id']}/%C3%BC%201_2f.._2f%3B%27.txt"
    answer = alice.get(medium["url"])
    assert content_of(answer) == b"text"
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename*=utf-8''%C3%BC%201")


def test_the_decoder_is_held_to_its_limits(alice: Uploader, settings: Settings) -> None:
    noise = encoded(Image.effect_noise((4500, 4500), 90).convert("RGB"), "PNG", compress_level=0)
    settings.DECODER_MEMORY_BYTES = 150 * 1024 * 1024
    assert alice.has(noise)["reason"] in {"too_large", "broken"}
    settings.DECODER_MEMORY_BYTES = 1024**3
    settings.DECODER_IMAGE_SECONDS = 1
    assert alice.has(noise)["reason"] == "timeout"
    settings.DECODER_VIDEO_SECONDS = 60
    settings.MEDIA_VIDEO_MAX_SECONDS = 1
    assert alice.has(recording(seconds=2))["reason"] == "too_long"
    assert alice.has(recording("wav", "", "pcm_s16le", seconds=2))["reason"] == "too_long"
    # The same content may be tried again, and the worker goes on.
    settings.MEDIA_VIDEO_MAX_SECONDS = 10
    assert alice.has(recording(seconds=2))["state"] == "ready"


def test_a_content_that_kills_its_worker_is_given_up(alice: Uploader) -> None:
    medium = alice.upload(jpeg()).json()
    Blob.objects.update(tries=3)
    work()
    assert alice.medium(medium["id"])["reason"] == "failed"


def test_a_storage_that_is_away_harms_no_content(
    alice: Uploader, monkeypatch: pytest.MonkeyPatch
) -> None:
    medium = alice.upload(jpeg()).json()
    blob_id = int(medium["id"])
    for function in ("open_part", "keep", "remove"):
        with monkeypatch.context() as away:
            away.setattr(storage, function, _away)
            for _ in range(4):
                with pytest.raises(Unavailable):
                    process(blob_id)
    assert alice.medium(medium["id"])["state"] == "ready"
    assert len(stored()) == 3
    process(blob_id)  # the job comes again, and finds what is left to do
    assert len(stored()) == 2


def _away(*args: object) -> None:
    raise Unavailable


@pytest.mark.parametrize(
    "said",
    [
        b"", b"nonsense\n", b'{"done": {"kind": "image"}}\n', b'{"done": 5}\n',
        b'{"done": {"kind": "image", "mime": "text/html"}}\n',
        b'{"done": {"kind": "image", "mime": "image/png"}}\n',
        b'{"done": {"kind": "image", "mime": "image/png", "width": 70000}}\n',
        b'{"rejected": "<script>"}\n', b'{"progress": 1}\n' * 3,
    ],
)  # fmt: skip
def test_the_decoder_is_not_believed(
    said: bytes, alice: Uploader, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    program = tmp_path / "decoder"
    program.write_text(f"#!/bin/sh\nprintf '%b' '{said.decode()}'\n")
    program.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(program))
    medium = alice.has(jpeg())
    assert (medium["state"], medium["reason"]) == ("rejected", "broken")
