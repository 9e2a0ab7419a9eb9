"""Invites as those see them who may invite."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from typing import TypeVar

from django.db.models import Count, Model, QuerySet

from accounts.payloads import people
from chat.access import Access
from chat.join_requests import request_payload
from chat.models import Invite, JoinRequest
from chat.payloads import InvitePayload
from connections.qr_image import svg_of
from core.clock import now, rfc3339, rfc3339_or_none
from core.keys import derived_key
from core.paging import Page, Place, page

#: Makes the address that a code says of its token.
Link = Callable[[str], str]

Row = TypeVar("Row", bound=Model)

_TOKEN_BYTES = 24


def token_of(invite_id: int) -> str:
    """The token of an invite: derived by a key of the server's, so that a code can be shown again
    and none can be read out of the database.
    """
    digest = hmac.new(derived_key("invites"), str(invite_id).encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:_TOKEN_BYTES]).decode()


def hash_of(token: str) -> str:
    """What is kept of a token: its SHA-256, in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


def invites_of(access: Access) -> QuerySet[Invite]:
    """The invites that the caller may see, with ``members``: all for admins, else the own ones."""
    rows = Invite.objects.filter(chat=access.chat).annotate(members=Count("let_in"))
    return rows if access.membership.is_admin else rows.filter(by_id=access.membership.user_id)


def _before(rows: QuerySet[Row], place: Place) -> list[Row]:
    after = place.ints(1)
    if after is not None:
        rows = rows.filter(pk__lt=after[0])
    return list(rows.order_by("-pk")[: place.limit + 1])


def list_invites(access: Access, place: Place, link: Link) -> Page:
    """A page of those that were not revoked, the newest first. Two queries."""
    rows = _before(invites_of(access).filter(revoked_at=None), place)
    return page(
        rows,
        place,
        key=lambda row: [row.pk],
        payload=lambda row: invite_payload(row, link),
        users=people(row.by_id for row in rows[: place.limit]),
    )


def invite_payload(invite: Invite, link: Link) -> InvitePayload:
    """An invite of ``invites_of``."""
    token = token_of(invite.pk)
    url = None
    # Not of another key than the one it was made with.
    if invite.works(now()) and hash_of(token) == invite.token_hash:
        url = link(token)
    return {
        "id": str(invite.pk),
        "url": url,
        "svg": url and svg_of(url),
        "created_by": str(invite.by_id),
        "created_at": rfc3339(invite.created_at),
        "expires_at": rfc3339_or_none(invite.expires_at),
        "max_uses": invite.max_uses,
        "uses": invite.uses,
        "approval": invite.approval,
        "members": getattr(invite, "members", 0),
    }


def list_join_requests(access: Access, place: Place) -> Page:
    """A page of a group's open requests, the newest first. Two queries."""
    open_ones = JoinRequest.objects.filter(chat=access.chat, status=JoinRequest.Status.PENDING)
    rows = _before(open_ones, place)
    return page(
        rows,
        place,
        key=lambda row: [row.pk],
        payload=request_payload,
        users=people(row.user_id for row in rows[: place.limit]),
    )
