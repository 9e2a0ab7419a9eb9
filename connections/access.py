"""The only look-ups by ids that clients send, and the locks that acts on two people take."""

from collections.abc import Iterable

from django.db.models import Q

from accounts.models import User
from connections.models import ConnectionRequest
from connections.queries import blocked_between, connected_ids, have_met
from core.clock import now
from core.errors import NotFound


def lock_people(*ids: int) -> dict[int, User]:
    """Locks the rows of people, ascending by id, until the transaction ends.

    People who are gone or banned are left out. Whoever takes both rows in this order before
    anything else cannot deadlock with another act on the same people.
    """
    rows = User.objects.select_for_update(no_key=True).filter(
        pk__in=ids, is_active=True, deleted_at=None
    )
    return {user.pk: user for user in rows.order_by("pk")}


def request_to(owner_id: int, request_id: int) -> ConnectionRequest:
    """A request the person may answer; NotFound for everyone but the QR code's owner."""
    return _request(request_id, owner_id=owner_id)


def request_from(scanner_id: int, request_id: int) -> ConnectionRequest:
    """A request the person may withdraw; NotFound for everyone but who scanned."""
    return _request(request_id, scanner_id=scanner_id)


def _request(request_id: int, **party: int) -> ConnectionRequest:
    row = ConnectionRequest.objects.filter(pk=request_id, **party).first()
    if row is None:
        raise NotFound
    return row


def known_ids(viewer_id: int, ids: Iterable[int]) -> set[int]:
    """Those of ``ids`` the viewer is connected to or shares an open request with."""
    wanted = list(ids)
    pairs = ConnectionRequest.objects.filter(
        Q(scanner_id=viewer_id, owner_id__in=wanted) | Q(owner_id=viewer_id, scanner_id__in=wanted),
        status=ConnectionRequest.Status.PENDING,
        expires_at__gt=now(),
    ).values_list("scanner_id", "owner_id")
    asked = {owner if scanner == viewer_id else scanner for scanner, owner in pairs}
    return connected_ids(viewer_id, wanted) | asked


def may_be_blocked(blocker_id: int, other_id: int) -> bool:
    """Whether the two have met: now, in the past, or in a block that is already there."""
    return have_met(blocker_id, other_id) or blocked_between(blocker_id, other_id)
