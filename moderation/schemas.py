"""Input shapes."""

from typing import Annotated, Literal

from msgspec import Meta

from core.schema import Input, Seq

ReasonName = Literal["spam", "abuse", "violence", "sexual", "illegal", "other"]


class MakeReport(Input):
    """``POST reports/``: a person, or a message, or a group, or a status, and why."""

    reason: ReasonName
    user: str | None = None
    chat: str | None = None
    #: Of a message of ``chat``; without it the group is meant.
    seq: Seq | None = None
    status: str | None = None
    comment: Annotated[str, Meta(max_length=1000)] = ""
