"""Input shapes."""

from typing import Annotated

import msgspec

from core.schema import Input


class ScanInput(Input):
    """The text behind ``#/c/`` in a QR code."""

    token: Annotated[str, msgspec.Meta(max_length=200)]


class BlockInput(Input):
    """Whom to block."""

    user: str
