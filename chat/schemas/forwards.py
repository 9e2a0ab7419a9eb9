"""Passing messages on."""

from typing import Annotated

import msgspec
from django.conf import settings

from core.schema import ClientId, Input, Seq


class Source(Input):
    """A message to pass on."""

    chat: str
    seq: Seq


Sources = Annotated[
    tuple[Source, ...], msgspec.Meta(min_length=1, max_length=settings.FORWARD_MESSAGES_MAX)
]
Targets = Annotated[
    tuple[str, ...], msgspec.Meta(min_length=1, max_length=settings.FORWARD_CHATS_MAX)
]


class Forward(Input):
    """Messages to pass on, each to each of some chats."""

    from_: Sources = msgspec.field(name="from")
    to: Targets
    client_id: ClientId | None = None
