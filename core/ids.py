"""Identifiers: 63-bit integers inside, opaque decimal strings outside."""

import secrets
import threading
import time

from core.errors import NotFound

# 41 bits of milliseconds last until 2087 from this moment; 22 random bits follow them.
_SINCE_MS = 1_735_689_600_000  # 2025-01-01T00:00:00Z
_RANDOM_BITS = 22
_MAX = 2**63 - 1

_lock = threading.Lock()
_last = 0


def new_id() -> int:
    """A new identifier: ordered by time, unguessable in number, unique in this process.

    Two processes collide only if they draw the same 22 bits in the same millisecond; the primary
    key then refuses the second.
    """
    global _last
    stamp = (int(time.time() * 1000) - _SINCE_MS) << _RANDOM_BITS
    candidate = stamp | secrets.randbits(_RANDOM_BITS)
    with _lock:
        # Within one millisecond count on in small steps, so a bulk insert never repeats itself.
        _last = candidate if candidate > _last else _last + 1 + secrets.randbelow(16)
        return _last


def parse_id(text: str) -> int:
    """The integer behind an id of a client's; NotFound for whatever never was an id."""
    if text.isascii() and text.isdecimal() and len(text) <= 19 and (value := int(text)) <= _MAX:
        return value
    raise NotFound
