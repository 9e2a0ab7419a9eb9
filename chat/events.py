"""The data of every event of chats."""

from typing import Any, NotRequired, TypedDict

from accounts.payloads import Person
from chat.payloads import ChatPayload, MarkPayload, MessagePayload, MessagesPage
from realtime.registry import event


@event("ready")
class Ready(TypedDict):
    """The socket is authenticated; where the logs stand."""

    user: str
    device: str
    server_time: str
    heartbeat: int
    position: int
    marks: str
    epoch: str


@event("pong")
class Pong(TypedDict):
    """Where the logs stand; also pushed unasked when pushes may have been lost."""

    heads: dict[str, int]
    position: int
    epoch: str
    sync: bool


@event("chat:new")
class ChatNew(TypedDict):
    """A chat that is the person's from now on; ``position`` is in the personal log."""

    chat: ChatPayload
    users: dict[str, Person]
    position: NotRequired[int]


@event("chat:receive")
class ChatReceive(TypedDict):
    """A new message."""

    message: MessagePayload


@event("chat:sent")
class ChatSent(TypedDict):
    """The reply to ``chat:send``, after the commit."""

    chat: str
    id: str
    seq: int
    client_id: str
    created_at: str
    duplicate: bool


@event("chat:typing")
class ChatTyping(TypedDict):
    """Somebody types, or has stopped."""

    chat: str
    user: str
    typing: bool
    kind: str


event("message:delivered")(MarkPayload)
event("message:seen")(MarkPayload)


class ChatHistoryReply(MessagesPage):
    """The reply to ``chat:history``."""

    chat: str


event("chat:history")(ChatHistoryReply)


class LogEvent(TypedDict):
    """An event as sync repeats it: what the socket would have pushed."""

    event: str
    data: dict[str, Any]


@event("sync")
class SyncAnswer(TypedDict):
    """What a client lacks, and what it now holds."""

    events: list[LogEvent]
    heads: dict[str, int]
    position: int
    marks: str
    epoch: str
    more: bool
    reset: list[str]
    gone: list[str]
    users: dict[str, Person]
