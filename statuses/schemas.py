"""What clients send about statuses."""

from typing import Annotated, Literal

import msgspec
from django.conf import settings

from core.schema import ClientId, Input

Text = Annotated[str, msgspec.Meta(max_length=settings.STATUS_MAX_CHARS)]
People = Annotated[tuple[str, ...], msgspec.Meta(max_length=settings.STATUS_AUDIENCE_MAX)]
Background = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9#_-]{1,32}\Z")]


class Audience(Input):
    """Only these connections, or all but these."""

    only: People | None = None
    except_: People | None = msgspec.field(default=None, name="except")


class PostStatus(Input, kw_only=True):
    """A text, or a picture or film of one's own that is uploaded already."""

    kind: Literal["text", "image", "video"]
    text: Text = ""
    media: str | None = None
    background: Background | None = None
    audience: Audience | None = None
    client_id: ClientId | None = None


class Reply(Input):
    """An answer to a status, which goes to the direct chat with its owner."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=settings.MESSAGE_MAX_CHARS)]
    client_id: ClientId | None = None


class Viewed(Input):
    """``status:view``."""

    status: str


class Settings(Input):
    """Whether the person wants statuses at all."""

    enabled: bool
