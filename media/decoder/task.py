"""What the decoder is told to do, and how it answers: JSON lines on standard output."""

import json
from pathlib import Path
from typing import Any, NamedTuple


class Refused(Exception):
    """The file is not accepted: ``broken``, ``too_large``, ``too_long`` or ``no_sound``."""


class Task(NamedTuple):
    """One file and its limits."""

    source: str
    mime: str
    purpose: str
    memory_bytes: int
    cpu_seconds: int
    output_bytes: int
    image_pixels: int
    video_seconds: int

    def target(self, part: str) -> Path:
        """Where a part of the result goes: beside the source."""
        return Path(self.source).with_name(part)


def say(**line: Any) -> None:
    """One line of the answer."""
    print(json.dumps(line), flush=True)


def say_progress(progress: float) -> None:
    """How far it is, 0 to 1."""
    say(progress=round(progress, 3))
