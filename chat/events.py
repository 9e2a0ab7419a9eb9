"""The data of every event of chats."""

from typing import Any, NotRequired, TypedDict

from accounts.payloads import Person
from chat.payloads import (
    ChangedChat,
    ChatPayload,
    JoinRequestPayload,
    MarkPayload,
    MessagePayload,
    MessagesPage,
    ScheduledPayload,
)
from realtime.registry import event


@event("ok")
class Ok(TypedDict):
    """The reply to a command that answers nothing else: it was done."""


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


@event("chat:updated")
class ChatUpdated(TypedDict):
    """A chat has changed: for all its members, or (with ``position``) the person's own side.

    It says how things are now and takes no place in the chat's log: the system message does.
    """

    chat: ChangedChat
    users: NotRequired[dict[str, Person]]
    position: NotRequired[int]


@event("chat:removed")
class ChatRemoved(TypedDict):
    """The person is no longer in a chat: all of it is gone for them."""

    chat: str
    position: NotRequired[int]


@event("chat:cleared")
class ChatCleared(TypedDict):
    """The person has cleared a chat up to ``seq``; ``hidden``: and deleted it from their list,
    until a message follows.
    """

    chat: str
    seq: int
    hidden: bool
    position: NotRequired[int]


@event("join:request")
class JoinAsked(TypedDict):
    """Somebody asks to be let into a group: to its owner and admins."""

    request: JoinRequestPayload
    users: dict[str, Person]
    position: NotRequired[int]


@event("join:decided")
class JoinDecided(TypedDict):
    """A request to join was approved or rejected: to owner and admins, and to who asked."""

    request: JoinRequestPayload
    users: dict[str, Person]
    position: NotRequired[int]


@event("chat:receive")
class ChatReceive(TypedDict):
    """A new message; ``users`` names people whom not all members may know yet.

    The push of a system message has the chat as that has made it: ``chat:updated`` says the same,
    takes no place in the log, and so may be lost unnoticed.
    """

    message: MessagePayload
    chat: NotRequired[ChangedChat]
    users: NotRequired[dict[str, Person]]


class ReactionOf(TypedDict):
    """Who put which emoji on the message; null: took it back."""

    user: str
    emoji: str | None


@event("message:updated")
class MessageUpdated(TypedDict):
    """Something happened to a message: ``seq`` is its own place, ``message.seq`` the message's."""

    chat: str
    seq: int
    by: str | None
    change: str
    message: MessagePayload
    reaction: NotRequired[ReactionOf]


@event("message:hidden")
class MessageHidden(TypedDict):
    """The person has deleted a message for themselves."""

    chat: str
    message_seq: int
    position: NotRequired[int]


@event("scheduled:updated")
class ScheduledUpdated(TypedDict):
    """A message of the person's waits to be sent, or does so otherwise than before."""

    scheduled: ScheduledPayload
    position: NotRequired[int]


@event("scheduled:removed")
class ScheduledRemoved(TypedDict):
    """It waits no more: it was sent, or taken back."""

    chat: str
    id: str
    position: NotRequired[int]


@event("message:starred")
class MessageStarred(TypedDict):
    """The person has starred a message, or taken the star off; told once, to those who listen."""

    chat: str
    message_seq: int
    starred: bool


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
