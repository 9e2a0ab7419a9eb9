"""What clients send about chats; shared by HTTP and the socket."""

from typing import Annotated, Literal

import msgspec
from django.conf import settings

from core.schema import ClientId, Input, Seq

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=settings.MESSAGE_MAX_CHARS)]


class OpenChat(Input):
    """Find or create the direct chat with a person."""

    kind: Literal["direct"]
    user: str


Nothing = Annotated[tuple[()], msgspec.Meta(description="Not supported yet.")]


class SendMessage(Input, kw_only=True):
    """A message to a chat named by the path.

    What is not supported yet is refused unless it is empty: nothing that was sent is lost unsaid.
    """

    client_id: ClientId
    text: Text
    kind: Literal["text"] = "text"
    content: None = None
    attachments: Nothing = ()
    reply_to: None = None
    mentions: Nothing = ()
    send_at: None = None


class SendToChat(SendMessage, kw_only=True):
    """``chat:send``: a message to a chat named in the frame."""

    chat: str


class Mark(Input):
    """Everything up to ``seq``, in the chat of the path."""

    seq: Seq


class MarkInChat(Mark, kw_only=True):
    """The same over the socket."""

    chat: str


class Typing(Input, kw_only=True):
    """``chat:typing``."""

    chat: str
    typing: bool
    kind: Literal["text", "voice"] = "text"


class History(Input):
    """Which part of a chat's history; at most one of the three places."""

    before: Seq | None = None
    after: Seq | None = None
    around: Seq | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 50


class ChatHistory(History, kw_only=True):
    """``chat:history``: the same over the socket."""

    chat: str


class ListChats(Input):
    """Filters of the chat list."""

    kind: Literal["direct", "group"] | None = None
    archived: bool = False


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
