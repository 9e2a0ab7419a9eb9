"""Sync and the heartbeat."""

import msgspec

from core.schema import Input, Seq


class Sync(Input):
    """What a client holds: the last seq of each chat, its place in the personal log, and what the
    last answer said of marks and epoch.
    """

    heads: dict[str, Seq] = msgspec.field(default_factory=dict)
    position: Seq = 0
    marks: str = ""
    epoch: str = ""


class Ping(Input):
    """``ping``; it carries nothing."""
