"""Finding messages: the index tells candidates, the tables tell what the person may see."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled

from chat.models import Chat, Membership
from chat.search import documents
from chat.search.terms import Term
from chat.sql.search import DATES, FIND, PLAN
from core.errors import AppError

#: In more groups than these it is cheaper to look at others' messages too, and to leave them.
_GROUPS_MAX = 40

_ABOVE_ALL = 2**63 - 1

#: A block is at most such a part of what has been searched before it.
_SHARE = 16


class SearchTooSlow(AppError):
    """503: nothing is away, but this search is too much."""

    status = 503


@dataclass(frozen=True, slots=True)
class Search:
    """What a person looks for: all terms, under all conditions that are given.

    The times are those of sending: not before ``after``, and before ``before``.
    """

    terms: tuple[Term, ...]
    chat_id: int | None = None
    sender_id: int | None = None
    kind: str | None = None
    after: datetime | None = None
    before: datetime | None = None


class Hit(NamedTuple):
    """A message that was found."""

    id: int
    chat_id: int
    seq: int
    rank: float | None


def find(
    user_id: int, search: Search, *, limit: int, below: int | None = None, is_ranked: bool = False
) -> list[Hit]:
    """The newest messages that match and that the person may see, up to ``limit``.

    ``below`` is the id of the last one that is known. ``is_ranked`` also says how well each
    matches; the order remains. Raises SearchTooSlow after SEARCH_TIMEOUT_MS.
    """
    if not search.terms:
        return []
    params: dict[str, Any] = {
        "user": user_id,
        "keys": list(_keys(search)),
        "own": None if search.chat_id else _own_chats(user_id),
        "words": " & ".join(f"({term.query()})" for term in search.terms),
        "is_ranked": is_ranked,
        "chat": search.chat_id,
        "sender": search.sender_id,
        "kind": search.kind,
        "after": search.after,
        "before": search.before,
        "limit": limit,
    }
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(PLAN, {"timeout": str(settings.SEARCH_TIMEOUT_MS)})
            *_, newest = cursor.fetchone()
            if newest is None:
                return []
            floor, top = _span(search)
            top = min(top, newest + 1)
            if below is not None:
                top = min(top, below)
            blocks = list(_blocks(top, floor))
            cursor.execute(FIND, {**params, "blocks": blocks, "below": top})
            return [Hit(*row) for row in cursor.fetchall()]
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            text = "This takes too long: name a chat or a time."
            raise SearchTooSlow("search_too_slow", text, retry_after=1) from error
        raise


def _keys(search: Search) -> Iterator[int]:
    """Keys that all matches have."""
    for term in search.terms:
        yield from term.keys()
    if search.chat_id is not None:
        yield documents.in_chat(search.chat_id)
    if search.sender_id is not None:
        yield documents.by_sender(search.sender_id)
    if search.kind is not None:
        yield documents.of_kind(search.kind)


def _own_chats(user_id: int) -> list[int] | None:
    """Keys of which the person's messages have one; None where they are in too many groups.

    They only save time: who may see what is decided by memberships.
    """
    groups = Membership.objects.filter(user_id=user_id, chat__kind=Chat.Kind.GROUP)
    ids = list(groups.values_list("chat_id", flat=True)[: _GROUPS_MAX + 1])
    if len(ids) > _GROUPS_MAX:
        return None
    return [documents.of_person(user_id), *map(documents.in_chat, ids)]


def _span(search: Search) -> tuple[int, int]:
    """Ids between which the messages of the wanted time are."""
    if search.after is None and search.before is None:
        return 0, _ABOVE_ALL
    with connection.cursor() as cursor:
        cursor.execute(DATES, {"after": search.after, "before": search.before})
        first, last = cursor.fetchone()
    bits = documents.BLOCK_BITS
    if search.after is not None and first is None:
        return 0, 0
    if search.before is not None and last is None:
        return 0, 0
    floor = 0 if search.after is None else first << bits
    return floor, _ABOVE_ALL if search.before is None else (last + 1) << bits


def _blocks(top: int, floor: int) -> Iterator[int]:
    """Keys of the blocks that cover the ids from ``floor`` to below ``top``, the newest first.

    Small ones first: a page of a common word is full after the first. Then larger ones, so that
    the way to the oldest messages takes few steps; but none that could hold far more matches than
    a page needs without that many messages having been in vain.
    """
    at = top
    while at > floor:
        level = 0
        while (
            level + 1 < documents.LEVELS
            and at % (size := 1 << documents.block_bits(level + 1)) == 0
            and size * _SHARE <= top - at
        ):
            level += 1
        bits = documents.block_bits(level)
        block = (at - 1) >> bits
        yield documents.in_block(level, block)
        at = block << bits
