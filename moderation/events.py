"""Events of this app, as pushed and as they stand in the personal log."""

from typing import NotRequired, TypedDict

from realtime.registry import event


@event("moderation:warning")
class Warned(TypedDict):
    """Staff warn the person; to be shown to them once."""

    text: str
    position: NotRequired[int]
