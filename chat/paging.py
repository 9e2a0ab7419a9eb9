"""Pages of lists: chats, scheduled messages."""

from datetime import UTC, datetime

from django.db.models import Q

from accounts.payloads import people
from chat.access import Access
from chat.models import Scheduled
from chat.payloads import scheduled_payload
from chat.queries import chat_page
from chat.rendering import chat_payloads, named_in_scheduled
from chat.schemas.chats import ListChats
from core.paging import Page, Place, cursor_invalid, page


def list_chats(user_id: int, filters: ListChats, place: Place) -> Page:
    """A page of the person's chats by latest activity. Three queries, whatever its length."""
    rows = chat_page(
        user_id,
        kind=filters.kind,
        archived=filters.archived,
        pinned=filters.pinned,
        after=_after(place),
        limit=place.limit + 1,
    )
    payloads, users = chat_payloads(rows, user_id)
    return page(
        list(zip(rows, payloads, strict=True)),
        place,
        key=lambda pair: [pair[0].active_at.isoformat(), pair[0].id],
        payload=lambda pair: pair[1],
        users=users,
    )


def list_scheduled(access: Access, place: Place) -> Page:
    """A page of what the caller has scheduled in a chat, the next first."""
    mine = Scheduled.objects.filter(chat=access.chat, sender_id=access.membership.user_id)
    after = _after(place)
    if after is not None:
        mine = mine.filter(Q(send_at__gt=after[0]) | Q(send_at=after[0], pk__gt=after[1]))
    rows = list(mine.order_by("send_at", "pk")[: place.limit + 1])
    return page(
        rows,
        place,
        key=lambda row: [row.send_at.isoformat(), row.pk],
        payload=scheduled_payload,
        users=people(named_in_scheduled(rows[: place.limit])),
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
