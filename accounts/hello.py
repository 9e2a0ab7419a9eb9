"""What ``ready`` says about the account."""

from typing import TypedDict

from accounts.log import head
from realtime.session import Session


class Hello(TypedDict):
    """Who is signed in, where, and the head of the personal log."""

    user: str
    device: str
    position: int


def hello(session: Session) -> Hello:
    """The account's part of the data of ``ready``."""
    return {
        "user": str(session.user_id),
        "device": str(session.device_id),
        "position": head(session.user_id),
    }
