"""Video and sound."""

import struct
from io import BytesIO
from typing import Any, cast

import av
import pytest
from PIL import Image

from media.actions import processing
from media.tests.acts import Uploader, content_of, work
from media.tests.samples import SECRET, recording
from realtime.tests.published import Published

pytestmark = pytest.mark.django_db


class Looked(dict[str, Any]):
    """What a player finds in a file."""

    def __init__(self, raw: bytes) -> None:
        assert SECRET.encode() not in raw and b"+48.2" not in raw
        with av.open(BytesIO(raw), "r") as container:
            for stream in container.streams:
                self[stream.type] = stream.codec_context.name
            if container.streams.video:
                frame = next(container.decode(container.streams.video[0]))
                self["size"], self["rotation"] = (frame.width, frame.height), frame.rotation
                self["picture"] = frame.to_image()  # type: ignore[no-untyped-call]  # untyped
                self["faststart"] = raw.index(b"moov") < raw.index(b"mdat")


def fetched(uploader: Uploader, medium: dict[str, Any]) -> Looked:
    """The file of a medium, looked at."""
    answer = uploader.get(medium["url"])
    assert answer.headers["Content-Type"] == medium["mime"]
    return Looked(content_of(answer))


def turned(film: bytes) -> bytes:
    """The same film, held upright: its header says to turn it clockwise."""
    at = film.index(b"tkhd") + 44
    one = 1 << 16
    matrix = struct.pack(">9i", 0, one, 0, -one, 0, 0, 0, 0, 1 << 30)
    return film[:at] + matrix + film[at + 36 :]


@pytest.mark.parametrize(
    ("format_", "video", "audio"),
    [
        ("mp4", "libx264", "aac"),
        ("mp4", "libx264", ""),
        ("mp4", "libx264", "libmp3lame"),
        ("mov", "mpeg4", "pcm_s16le"),
        ("webm", "libvpx", "libopus"),
        ("matroska", "libvpx-vp9", "libopus"),
    ],
)
def test_every_film_becomes_one_that_plays(
    alice: Uploader, format_: str, video: str, audio: str
) -> None:
    medium = alice.has(recording(format_, video, audio), f"film.{format_}")
    assert (medium["state"], medium["kind"], medium["mime"]) == ("ready", "video", "video/mp4")
    assert (medium["width"], medium["height"], medium["name"]) == (64, 48, "film.mp4")
    assert medium["duration"] == pytest.approx(1, abs=0.15)
    assert medium["blurhash"] and medium["waveform"] is None
    looked = fetched(alice, medium)
    assert (looked["video"], looked.get("audio")) == ("h264", "aac" if audio else None)
    assert looked["faststart"]
    poster = content_of(alice.get(medium["thumbnail_url"]))
    assert Image.open(BytesIO(poster)).size == (64, 48)


@pytest.mark.parametrize(("video", "size"), [("libx264", (64, 48)), ("mpeg4", (48, 64))])
def test_films_are_shown_upright(alice: Uploader, video: str, size: tuple[int, int]) -> None:
    medium = alice.has(turned(recording("mp4", video, "")))
    assert (medium["width"], medium["height"]) == (48, 64)
    looked = fetched(alice, medium)
    # Either it is turned, or its header still says so.
    assert (looked["size"], looked["rotation"]) == (size, -90 if video == "libx264" else 0)
    upright = looked["picture"].rotate(looked["rotation"], expand=True)
    poster = Image.open(BytesIO(content_of(alice.get(medium["thumbnail_url"]))))
    for image in (upright, poster.convert("RGB")):
        red, _, blue = cast(tuple[int, int, int], image.getpixel((24, 8)))
        assert red > 180 > 60 > blue


def test_the_sender_is_told_how_far_it_is(
    alice: Uploader, published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processing, "_PROGRESS_SECONDS", 0)
    alice.upload(recording())
    work()
    *going, done = [push.data["media"] for push in published.take("media:updated")]
    steps = [medium["progress"] for medium in going]
    assert steps and steps == sorted(steps) and all(0 < step <= 1 for step in steps)
    assert {(medium["state"], medium["url"]) for medium in going} == {("processing", None)}
    assert (done["state"], done["progress"]) == ("ready", None)


@pytest.mark.parametrize(
    ("format_", "codec", "kind"),
    [
        ("ogg", "libopus", "voice"),
        ("webm", "libopus", "voice"),
        ("mp4", "aac", "voice"),
        ("adts", "aac", "voice"),
        ("mp4", "aac", "audio"),
        ("mp3", "libmp3lame", "audio"),
        ("wav", "pcm_s16le", "audio"),
        ("flac", "flac", "audio"),
    ],
)
def test_sound_and_its_waveform(alice: Uploader, format_: str, codec: str, kind: str) -> None:
    raw = recording(format_, "", codec, seconds=2)
    medium = alice.has(raw, "note", **({"kind": kind} if kind == "voice" else {}))
    assert (medium["state"], medium["kind"], medium["mime"]) == ("ready", kind, "audio/mp4")
    assert medium["duration"] == pytest.approx(2, abs=0.15)
    assert medium["thumbnail_url"] is None and medium["name"] == "note.m4a"
    loud, quiet = medium["waveform"][4:28], medium["waveform"][36:60]
    assert len(medium["waveform"]) == 64 and max(medium["waveform"]) == 100
    assert min(loud) > 80 and max(quiet) < 20
    assert fetched(alice, medium) == {"audio": "aac"}


def test_a_film_without_sound_is_no_voice_note(alice: Uploader) -> None:
    medium = alice.has(recording("mp4", "libx264", ""), kind="voice")
    assert (medium["state"], medium["reason"]) == ("rejected", "no_sound")
    assert alice.has(recording("mp4", "libx264", "aac"), kind="voice")["kind"] == "voice"
