"""Chats: opening, listing, typing, marks."""

from typing import Annotated, Literal

import msgspec
from django.conf import settings
from msgspec import UNSET, UnsetType

from core.schema import Input, Moment, Seq


class OpenChat(Input, tag_field="kind", tag="direct"):
    """Find or create the direct chat with a person."""

    user: str


class ListChats(Input):
    """Filters of the chat list."""

    kind: Literal["direct", "group"] | None = None
    archived: bool = False
    pinned: bool | None = None


class ListShared(Input):
    """Which of the things shared in a chat: pictures and films, files, or links."""

    kind: Literal["media", "files", "links"]


class ChangeMine(Input):
    """What to change of one's own side of a chat."""

    muted_until: Moment | UnsetType | None = UNSET
    archived: bool | UnsetType = UNSET
    pinned: bool | UnsetType = UNSET
    marked_unread: bool | UnsetType = UNSET
    draft: (
        Annotated[str, msgspec.Meta(max_length=settings.MESSAGE_MAX_CHARS)] | UnsetType | None
    ) = UNSET


class History(Input):
    """Which part of a chat's history; at most one of the three places."""

    before: Seq | None = None
    after: Seq | None = None
    around: Seq | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 50


class ChatHistory(History, kw_only=True):
    """``chat:history``: the same over the socket."""

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
