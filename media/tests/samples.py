"""Files to upload, made on the spot."""

import math
import struct
import zlib
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from typing import Any, cast

import av
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

#: Stands in everything that may not leave the server.
SECRET = "canary-of-a-place"


def picture(width: int = 64, height: int = 48, mode: str = "RGB") -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new(mode, (width, height), "red")
    image.paste("blue", (width // 2, 0, width, height))
    return image


def encoded(image: Image.Image, format_: str, **options: Any) -> bytes:
    """A picture in a format."""
    file = BytesIO()
    image.save(file, format_, **options)
    return file.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    """What a phone notes: a comment, and where it was."""
    tags = Image.Exif()
    tags[0x010E] = SECRET
    tags[0x0112] = orientation
    tags.get_ifd(0x8825).update({1: "N", 2: tuple(IFDRational(n) for n in (48, 12, 30))})
    return tags


@cache
def jpeg(orientation: int = 1) -> bytes:
    """A photo as phones make it, with everything in it that they note."""
    return encoded(
        picture(), "JPEG", exif=exif(orientation), comment=SECRET.encode(), xmp=SECRET.encode()
    )


def huge_png(width: int, height: int, pixels: bytes = b"") -> bytes:
    """A PNG that only says how large it is."""

    def chunk(name: bytes, data: bytes) -> bytes:
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(pixels or b"\0" * 100)
    start = b"\x89PNG\r\n\x1a\n"
    return start + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@cache
def recording(
    format_: str = "mp4",
    video: str = "libx264",
    audio: str = "aac",
    seconds: float = 1,
    size: tuple[int, int] = (64, 48),
) -> bytes:
    """A short film and its tone; ``video`` or ``audio`` may be empty."""
    file = BytesIO()
    with av.open(file, "w", format=format_) as out:
        out.metadata.update({"comment": SECRET, "location": "+48.2+16.3/"})
        streams: list[tuple[Any, Iterator[Any]]] = []
        if video:
            film = cast(av.VideoStream, out.add_stream(video, rate=10))
            film.width, film.height = size
            film.pix_fmt = "yuv420p"
            streams.append((film, (_frame(size) for _ in range(int(seconds * 10)))))
        if audio:
            tone = out.add_stream(audio, rate=48000, layout="mono")
            half = seconds * 25
            tones = (_tone(number, loud=number < half) for number in range(int(seconds * 50)))
            streams.append((tone, tones))
        for stream, frames in streams:
            for frame in (*frames, None):
                for packet in stream.encode(frame):
                    out.mux(packet)
    return file.getvalue()


def _frame(size: tuple[int, int]) -> Any:
    return av.VideoFrame.from_image(picture(*size))  # type: ignore[no-untyped-call]  # untyped there


def _tone(number: int, loud: bool) -> "av.AudioFrame":
    frame = av.AudioFrame(format="s16", layout="mono", samples=960)
    frame.sample_rate = 48000
    frame.pts = number * 960
    wave = (math.sin(n * 440 * 2 * math.pi / 48000) for n in range(960))
    height = 20_000 if loud else 2_000
    frame.planes[0].update(struct.pack("<960h", *(int(height * part) for part in wave)))
    return frame
