"""Lists in pages: chats, scheduled messages, pinned ones, starred ones."""

from datetime import UTC, datetime

from django.db.models import Q

from accounts.payloads import people
from chat.access import Access
from chat.models import Scheduled
from chat.queries import chat_page, message_rows, shown_messages, shown_to, starred_by
from chat.rendering import chat_payloads, named_in_scheduled, scheduled_payloads, viewed_by
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
    payloads = scheduled_payloads(rows)
    return page(
        list(zip(rows, payloads, strict=True)),
        place,
        key=lambda pair: [pair[0].send_at.isoformat(), pair[0].pk],
        payload=lambda pair: pair[1],
        users=people(named_in_scheduled(payloads[: place.limit])),
    )


def list_pins(access: Access, place: Place) -> Page:
    """A page of the messages pinned in a chat that the caller may see, the newest pin first."""
    pinned = shown_to(access.membership).filter(pinned_at__isnull=False)
    after = _after(place)
    if after is not None:
        at, seq = after
        pinned = pinned.filter(Q(pinned_at__lt=at) | Q(pinned_at=at, seq__lt=seq))
    rows = message_rows(pinned.order_by("-pinned_at", "-seq")[: place.limit + 1])
    viewer = access.membership.user_id
    results, users = viewed_by(viewer, rows)
    return page(
        list(zip(rows, results, strict=True)),
        place,
        key=lambda pair: [str(pair[0].pinned_at), pair[0].seq],
        payload=lambda pair: pair[1],
        users=users,
    )


def list_starred(user_id: int, place: Place) -> Page:
    """A page of what the person has starred and may still see, the newest star first."""
    stars = starred_by(user_id)
    after = place.ints(1)
    if after is not None:
        stars = stars.filter(pk__lt=after[0])
    found = list(stars.order_by("-pk").values_list("pk", "chat_id", "seq")[: place.limit + 1])
    shown = shown_messages(user_id, [(chat_id, seq) for _, chat_id, seq in found])
    viewed, users = viewed_by(user_id, list(shown.values()))
    messages = dict(zip(shown, viewed, strict=True))
    answer = page(
        found, place, key=lambda star: [star[0]], payload=lambda star: star[1:], users=users
    )
    # What has gone since the stars were read leaves the page shorter; the list goes on after it.
    answer["results"] = [
        {"message": messages[place_of_star], "chat": str(place_of_star[0])}
        for place_of_star in answer["results"]
        if place_of_star in messages
    ]
    return answer


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
