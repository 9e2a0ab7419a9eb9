"""The chat list's pages."""

from datetime import UTC, datetime

from chat.queries import ChatRow, chat_page
from chat.rendering import chat_payload, people_of_chats
from chat.schemas import ListChats
from core.paging import Page, Place, cursor_invalid, page


def list_chats(user_id: int, filters: ListChats, place: Place) -> Page:
    """A page of the person's chats by latest activity. Two queries, whatever its length."""
    rows: list[ChatRow] = []
    if not filters.archived:
        after = _after(place)
        rows = chat_page(user_id, kind=filters.kind, after=after, limit=place.limit + 1)
    users = people_of_chats(rows)
    return page(
        rows,
        place,
        key=lambda row: [row.active_at.isoformat(), row.id],
        payload=lambda row: chat_payload(row, user_id, users),
        users=users,
    )


def _after(place: Place) -> tuple[datetime, int] | None:
    match place.after:
        case None:
            return None
        case [str(at), int(chat_id)] if type(chat_id) is int and abs(chat_id) < 2**63:
            try:
                return datetime.fromisoformat(at).astimezone(UTC), chat_id
            except (ValueError, OverflowError) as error:
                raise cursor_invalid() from error
        case _:
            raise cursor_invalid()
