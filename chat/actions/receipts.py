"""Marks: how far a member has received and read a chat."""

import asyncio

from chat.access import parse_chat_id
from chat.marks import Raise, marker
from chat.receipts import MarkKind, Marks


def raise_mark(user_id: int, chat_id: str, kind: MarkKind, seq: int) -> Marks:
    """Raises one of the person's marks to ``seq``; seen raises delivered. They never fall.

    For threads. Raises NotFound, Invalid ``seq_above_head``, Unavailable.
    """
    return marker.call(Raise(parse_chat_id(chat_id), user_id, kind, seq))


def submit_mark(
    user_id: int, chat_id: str, kind: MarkKind, seq: int, socket: int
) -> "asyncio.Future[Marks]":
    """The same for the loop, without waiting."""
    return marker.submit(Raise(parse_chat_id(chat_id), user_id, kind, seq, socket))
