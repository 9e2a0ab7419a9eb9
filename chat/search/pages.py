"""Pages of what was found."""

from datetime import UTC, date, datetime, time
from typing import Annotated, TypedDict

import msgspec
from django.conf import settings

from chat.access import get_chat
from chat.payloads import ViewedMessage
from chat.queries import shown_messages
from chat.rendering import viewed_by
from chat.schemas.search import SearchMessages
from chat.search.finding import Hit, Search, find
from chat.search.highlights import highlights
from chat.search.terms import parse_terms
from core.errors import Invalid, NotFound
from core.ids import parse_id
from core.paging import Page, Place, cursor_invalid, page

Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class Found(TypedDict):
    """A message that matches; ``highlights`` are ``[start, length]`` in code points of its text."""

    message: ViewedMessage
    chat: str
    highlights: list[list[int]]


def search_messages(user_id: int, wanted: SearchMessages, place: Place) -> Page:
    """A page of the person's messages that match: the newest first, or the best of the newest.

    Raises NotFound for a chat that is not theirs, Invalid, SearchTooSlow. Somebody of whom they
    have no message is nobody: nothing is found.
    """
    search = _search(user_id, wanted)
    is_ranked = wanted.order == "relevance"
    hits = _best(user_id, search, place) if is_ranked else _newest(user_id, search, place)
    found = hits[: place.limit]
    rows = shown_messages(user_id, [(hit.chat_id, hit.seq) for hit in found])
    viewed, users = viewed_by(user_id, list(rows.values()))
    messages = dict(zip(rows, viewed, strict=True))
    answer = page(
        hits,
        place,
        key=lambda hit: [hit.rank, hit.id] if is_ranked else [hit.id],
        payload=lambda hit: (hit.chat_id, hit.seq),
        users=users,
    )
    # What has gone since it was found leaves the page shorter; the list goes on after it.
    answer["results"] = [
        Found(
            message=messages[at],
            chat=str(rows[at].chat_id),
            highlights=highlights(rows[at].text, search.terms),
        )
        for at in answer["results"]
        if at in rows and rows[at].deleted_at is None
    ]
    return answer


def _newest(user_id: int, search: Search, place: Place) -> list[Hit]:
    last = place.ints(1)
    return find(user_id, search, below=last[0] if last else None, limit=place.limit + 1)


def _best(user_id: int, search: Search, place: Place) -> list[Hit]:
    """Of the newest SEARCH_RANKED_MAX; only so many are ever shown in this order."""
    after = _rank_and_id(place)
    hits = find(user_id, search, limit=settings.SEARCH_RANKED_MAX, is_ranked=True)
    hits.sort(key=lambda hit: (hit.rank, hit.id), reverse=True)
    if after is not None:
        hits = [hit for hit in hits if (hit.rank, hit.id) < after]
    return hits[: place.limit + 1]


def _rank_and_id(place: Place) -> tuple[float, int] | None:
    match place.after:
        case None:
            return None
        case [float(rank), int(id)] if not isinstance(id, bool):
            return rank, id
        case _:
            raise cursor_invalid()


def _search(user_id: int, wanted: SearchMessages) -> Search:
    chat_id = None if wanted.chat is None else get_chat(user_id, wanted.chat).chat.pk
    if not wanted.q.strip():
        raise _wrong("q", "Say what to look for.")
    return Search(
        parse_terms(wanted.q),
        chat_id=chat_id,
        sender_id=None if wanted.from_ is None else _person(wanted.from_),
        kind=wanted.kind,
        after=_time("after", wanted.after),
        before=_time("before", wanted.before),
    )


def _person(text: str) -> int:
    try:
        return parse_id(text)
    except NotFound:
        return -1  # nobody


def _time(name: str, text: str | None) -> datetime | None:
    """A time, or the beginning of a date in UTC."""
    if text is None:
        return None
    try:
        if len(text) == 10:
            return datetime.combine(date.fromisoformat(text), time.min, UTC)
        return msgspec.convert(text, Moment).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _wrong(name, "A time like 2026-11-21T07:00:00Z, or a date.") from error


def _wrong(name: str, text: str) -> Invalid:
    return Invalid("invalid", text, fields={name: [text]})
