"""BlurHash (https://blurha.sh): a picture as some thirty characters, for until it is loaded."""

import math

from PIL import Image

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~"
#: Enough for so few waves.
_SIDE = 32


def blurhash(image: Image.Image) -> str:
    """The hash of a picture, with more waves along its longer side."""
    x_waves, y_waves = (4, 3) if image.width >= image.height else (3, 4)
    small = image.convert("RGB").resize((_SIDE, _SIDE), Image.Resampling.BILINEAR)
    raw = small.tobytes()
    light = [_linear(value) for value in raw]
    factors = [
        _factor(light, x_wave, y_wave) for y_wave in range(y_waves) for x_wave in range(x_waves)
    ]
    average, *waves = factors
    most = max(abs(part) for wave in waves for part in wave)
    scale = max(0, min(82, math.floor(most * 166 - 0.5)))
    text = _base83((x_waves - 1) + (y_waves - 1) * 9, 1) + _base83(scale, 1)
    red, green, blue = (_encoded(part) for part in average)
    text += _base83((red << 16) + (green << 8) + blue, 4)
    for wave in waves:
        digits = [_quantised(part / ((scale + 1) / 166)) for part in wave]
        text += _base83(digits[0] * 19 * 19 + digits[1] * 19 + digits[2], 2)
    return text


def _factor(light: list[float], x_wave: int, y_wave: int) -> tuple[float, float, float]:
    totals = [0.0, 0.0, 0.0]
    columns = [math.cos(math.pi * x_wave * x / _SIDE) for x in range(_SIDE)]
    for y in range(_SIDE):
        row = math.cos(math.pi * y_wave * y / _SIDE)
        for x in range(_SIDE):
            at = (y * _SIDE + x) * 3
            weight = row * columns[x]
            for channel in range(3):
                totals[channel] += weight * light[at + channel]
    norm = (1 if x_wave == y_wave == 0 else 2) / (_SIDE * _SIDE)
    return totals[0] * norm, totals[1] * norm, totals[2] * norm


def _quantised(part: float) -> int:
    root = math.copysign(math.sqrt(abs(part)), part)
    return max(0, min(18, math.floor(root * 9 + 9.5)))


def _linear(value: int) -> float:
    part = value / 255
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _encoded(part: float) -> int:
    part = max(0.0, min(1.0, part))
    root = part * 12.92 if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055
    return round(root * 255)


def _base83(value: int, length: int) -> str:
    digits = ""
    for _ in range(length):
        value, digit = divmod(value, 83)
        digits = _DIGITS[digit] + digits
    return digits
