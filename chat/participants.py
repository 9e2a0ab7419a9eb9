"""Who is in a chat, as its members see it."""

from collections.abc import Iterable

from accounts.payloads import people
from chat.access import Access
from chat.models import Chat, Membership
from chat.payloads import Participant, Participants
from core.clock import rfc3339
from core.paging import Page, Place, page


def list_participants(access: Access, place: Place) -> Page:
    """A page of a chat's members in the order in which they came. Two queries."""
    after = place.ints(1) or [0]
    rows = list(
        Membership.objects.filter(chat=access.chat, pk__gt=after[0]).order_by("pk")[
            : place.limit + 1
        ]
    )
    return page(
        rows,
        place,
        key=lambda row: [row.pk],
        payload=lambda row: participant(access, row),
        users=people(row.user_id for row in rows[: place.limit]),
    )


def participants(access: Access, user_ids: Iterable[int]) -> Participants:
    """Some members of a chat. Two queries."""
    rows = list(
        Membership.objects.filter(chat=access.chat, user_id__in=list(user_ids)).order_by("pk")
    )
    return {
        "results": [participant(access, row) for row in rows],
        "next": None,
        "users": people(row.user_id for row in rows),
    }


def participant(access: Access, member: Membership) -> Participant:
    """One of them."""
    row: Participant = {
        "user": str(member.user_id),
        "role": member.role,
        "joined_at": rfc3339(member.joined_at),
    }
    if access.chat.kind == Chat.Kind.GROUP and access.membership.is_admin:
        row["invite"] = None if member.invite_id is None else str(member.invite_id)
    return row
