"""Pictures and sound for the demo, made on the spot: nobody's photos, and nothing to download."""

import math
import random
import struct
import wave
from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter

_RATE_HERTZ = 16_000

Color = tuple[int, int, int]

#: Sky above and below, the sun, the farthest hill and the nearest.
_LIGHTS = (
    ("2b4b7a", "f5b08a", "ffe3b0", "8d6a8f", "2a2440"),
    ("7fb6e6", "e8f3f7", "fff6d8", "8fb9a0", "28513c"),
    ("f0835c", "fbd79a", "fff1c9", "b3705f", "45282f"),
    ("a9c6d9", "f4e9dc", "ffffff", "9aa9a2", "3e4f4a"),
)
#: Background, coat, hair, skin.
_FACES = (
    ("7aa6c2", "2f4858", "5a3825", "f2cdb0"),
    ("e0a458", "3b5249", "1d1a18", "8d5a3b"),
    ("c58fa9", "6b2d5c", "d9a441", "f6d7c3"),
    ("8fb996", "38302e", "2b1d16", "d9a77c"),
)


def landscape(seed: int, width: int = 1280, height: int = 960) -> bytes:
    """Hills under a sun, as a JPEG; each seed has a light and a place of its own."""
    luck = random.Random(seed)  # it only paints
    top, bottom, sun, far, near = (_color(name) for name in _LIGHTS[seed % len(_LIGHTS)])
    image = _gradient(width, height, top, bottom)
    draw = ImageDraw.Draw(image)
    x, y, r = luck.uniform(0.2, 0.8) * width, luck.uniform(0.2, 0.4) * height, height * 0.07
    draw.ellipse((x - r, y - r, x + r, y + r), fill=sun)
    for n in range(5):
        base, swing = height * (0.48 + 0.11 * n), height * luck.uniform(0.03, 0.08)
        length, start = width * luck.uniform(0.12, 0.3), luck.uniform(0, math.tau)
        ridge = [
            (i * width / 64, base - swing * math.sin(start + i * width / 64 / length))
            for i in range(65)
        ]
        draw.polygon([*ridge, (width, height), (0, height)], fill=_between(far, near, n / 4))
    return _jpeg(image.filter(ImageFilter.GaussianBlur(1)))


def portrait(seed: int, size: int = 512) -> bytes:
    """A head and shoulders in few colours, as a JPEG."""
    back, coat, hair, skin = (_color(name) for name in _FACES[seed % len(_FACES)])
    image = _gradient(size, size, back, _between(back, (255, 255, 255), 0.35))
    draw = ImageDraw.Draw(image)
    draw.ellipse((size * 0.14, size * 0.66, size * 0.86, size * 1.4), fill=coat)
    draw.rectangle((size * 0.43, size * 0.56, size * 0.57, size * 0.72), fill=skin)
    draw.ellipse((size * 0.3, size * 0.14, size * 0.7, size * 0.5), fill=hair)
    draw.ellipse((size * 0.33, size * 0.24, size * 0.67, size * 0.64), fill=skin)
    draw.chord((size * 0.31, size * 0.16, size * 0.69, size * 0.5), 185, 355, fill=hair)
    return _jpeg(image.filter(ImageFilter.GaussianBlur(1)))


def hum(seconds: float = 6.0) -> bytes:
    """Somebody humming, with breaths between the tones, as a WAV."""
    tones = (220, 247, 262, 247, 294, 262, 220, 196)
    each = seconds / len(tones)
    samples = bytearray()
    for n in range(int(seconds * _RATE_HERTZ)):
        at = n / _RATE_HERTZ
        within = at % each / each
        tone = tones[int(at / each) % len(tones)]
        loud = math.sin(math.pi * within) ** 0.7 * (0.25 + 0.2 * math.sin(at * 2.1))
        wave_ = math.sin(math.tau * tone * at) + 0.4 * math.sin(math.tau * 2 * tone * at)
        samples += struct.pack("<h", int(18_000 * loud * wave_))
    file = BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(_RATE_HERTZ)
        sound.writeframes(bytes(samples))
    return file.getvalue()


def _gradient(width: int, height: int, top: Color, bottom: Color) -> Image.Image:
    mask = Image.linear_gradient("L").resize((width, height))
    size = (width, height)
    return Image.composite(Image.new("RGB", size, bottom), Image.new("RGB", size, top), mask)


def _between(one: Color, other: Color, part: float) -> Color:
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _color(name: str) -> Color:
    red, green, blue = bytes.fromhex(name)
    return red, green, blue


def _jpeg(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, "JPEG", quality=88)
    return file.getvalue()
