"""The only look-ups by ids that clients send, and the locks that acts on two people take."""

from accounts.access import relation_of
from accounts.models import User
from accounts.privacy import Relation
from connections.models import ConnectionRequest
from connections.queries import blocks_of, have_met
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


def may_be_blocked(blocker_id: int, other_id: int) -> bool:
    """Whether the blocker sees the other, or met them before, or blocks them already."""
    if relation_of(blocker_id, other_id) is not Relation.STRANGER:
        return True
    return (
        have_met(blocker_id, other_id) or blocks_of(blocker_id).filter(blocked_id=other_id).exists()
    )
