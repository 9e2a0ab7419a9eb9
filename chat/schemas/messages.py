"""Messages, and what is done to them."""

from typing import Annotated, Any, Literal

import msgspec
from django.conf import settings
from msgspec import UNSET, UnsetType

from core.schema import ClientId, Input, Moment, Seq

Text = Annotated[str, msgspec.Meta(max_length=settings.MESSAGE_MAX_CHARS)]

Attachments = Annotated[tuple[str, ...], msgspec.Meta(max_length=settings.ATTACHMENTS_MAX)]
Mentions = Annotated[tuple[str, ...], msgspec.Meta(max_length=settings.MENTIONS_MAX)]


class SendMessage(Input, kw_only=True):
    """A message to a chat named by the path.

    ``content`` is by ``kind``, one of the shapes below. A text with attachments becomes of their
    kind, and the text their caption.
    """

    client_id: ClientId
    text: Text = ""
    kind: Literal[
        "text", "image", "video", "audio", "voice", "file", "location", "contact", "poll"
    ] = "text"
    content: dict[str, Any] | None = None
    #: Ids of the sender's own media.
    attachments: Attachments = ()
    reply_to: Seq | None = None
    mentions: Mentions | Literal["all"] = ()
    #: Whether the server may fetch a preview of the first link.
    preview: bool = True
    #: Not now: then it has no seq yet. Over HTTP only.
    send_at: Moment | None = None


class SendToChat(SendMessage, kw_only=True):
    """``chat:send``: a message to a chat named in the frame."""

    chat: str
    send_at: None = None


class ChangeScheduled(Input):
    """Another text or time for a message that waits."""

    text: Text | UnsetType = UNSET
    send_at: Moment | UnsetType = UNSET


Name = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
Phone = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
Question = Annotated[str, msgspec.Meta(max_length=settings.POLL_QUESTION_MAX_CHARS)]
Option = Annotated[str, msgspec.Meta(max_length=settings.POLL_OPTION_MAX_CHARS)]


class Location(Input):
    """The content of a location: degrees."""

    lat: Annotated[float, msgspec.Meta(ge=-90, le=90)]
    lon: Annotated[float, msgspec.Meta(ge=-180, le=180)]
    name: Name | None = None


class Contact(Input):
    """The content of a contact: one of the sender's connections, or a name with numbers."""

    user: str | None = None
    name: Name | None = None
    phones: Annotated[tuple[Phone, ...], msgspec.Meta(max_length=10)] = ()


class Poll(Input):
    """The content of a poll; of several options one may be chosen, or any number."""

    question: Question
    options: tuple[Option, ...]
    multiple: bool = False
    closes_at: Moment | None = None


class Edit(Input):
    """Another text or caption for a message, and whether the server may fetch a preview of another
    link.
    """

    text: Text
    preview: bool = True


class EditInChat(Edit, kw_only=True):
    """``message:edit``."""

    chat: str
    seq: Seq


class DeleteFor(Input):
    """For whom a message goes: the caller only, or all."""

    for_: Literal["me", "everyone"] = msgspec.field(default="me", name="for")


class DeleteInChat(Input, kw_only=True):
    """``message:delete``."""

    chat: str
    seq: Seq
    for_: Literal["me", "everyone"] = msgspec.field(name="for")


class React(Input):
    """An emoji on a message."""

    emoji: str


class ReactInChat(Input, kw_only=True):
    """``message:react``; null takes it back."""

    chat: str
    seq: Seq
    emoji: str | None
