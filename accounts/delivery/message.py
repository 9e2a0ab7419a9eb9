"""What a driver is given."""

from typing import Literal

import msgspec

Channel = Literal["email", "sms"]


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A short text for one address or number; ``code`` is the code in it, if there is one.
    Without a ``subject`` a mail brings a code.
    """

    channel: Channel
    to: str
    text: str
    code: str | None = None
    subject: str | None = None
