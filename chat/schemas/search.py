"""Search."""

from typing import Annotated, Literal

import msgspec
from django.conf import settings

from chat.models import Message
from core.schema import Input

Query = Annotated[str, msgspec.Meta(min_length=1, max_length=settings.SEARCH_QUERY_MAX_CHARS)]


class SearchMessages(Input, kw_only=True):
    """What to look for and where. ``before`` and ``after`` are times, or dates in UTC."""

    q: Query
    chat: str | None = None
    from_: str | None = msgspec.field(default=None, name="from")
    kind: Message.Kind | None = None
    before: str | None = None
    after: str | None = None
    order: Literal["newest", "relevance"] = "newest"
