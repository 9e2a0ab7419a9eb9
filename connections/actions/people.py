"""Removing and blocking people."""

from django.db import transaction

from accounts.log import tell
from connections.access import lock_people, may_be_blocked
from connections.actions.tell import forget_caches, tell_both, tell_removed
from connections.models import Block, Connection, ConnectionRequest
from connections.queries import open_between
from core.clock import now
from core.errors import Invalid, NotFound

Status = ConnectionRequest.Status


def remove_connection(*, user_id: int, other_id: int) -> None:
    """Ends a connection; both are told ``connection:removed``. NotFound if there is none."""
    with transaction.atomic():
        lock_people(user_id, other_id)
        if not _disconnect(user_id, other_id):
            raise NotFound


def block_person(*, blocker_id: int, blocked_id: int) -> tuple[Block, bool]:
    """Blocks someone; the flag tells whether that is new.

    Ends the connection and closes the open request between the two. The blocked one hears just
    what a removal or a rejection would tell; the blocker's devices hear ``connection:blocked``.
    Raises Invalid ``own_block``, NotFound for someone the blocker never met and cannot see.
    """
    if blocker_id == blocked_id:
        raise Invalid("own_block", "You cannot block yourself.")
    if not may_be_blocked(blocker_id, blocked_id):
        raise NotFound
    with transaction.atomic():
        if len(lock_people(blocker_id, blocked_id)) < 2:
            raise NotFound
        block, is_new = Block.objects.get_or_create(blocker_id=blocker_id, blocked_id=blocked_id)
        if is_new:
            _close_open_request(blocker_id, blocked_id)
            if not _disconnect(blocker_id, blocked_id):
                forget_caches(blocker_id, blocked_id)
            tell(blocker_id, "connection:blocked", {"user": str(blocked_id)})
    return block, is_new


def unblock_person(*, blocker_id: int, blocked_id: int) -> None:
    """Lifts a block; the connection does not come back. NotFound if there is no block."""
    with transaction.atomic():
        lock_people(blocker_id, blocked_id)
        gone, _ = Block.objects.filter(blocker_id=blocker_id, blocked_id=blocked_id).delete()
        if not gone:
            raise NotFound
        tell(blocker_id, "connection:unblocked", {"user": str(blocked_id)})
        forget_caches(blocker_id, blocked_id)


def _disconnect(user_id: int, other_id: int) -> bool:
    gone, _ = Connection.objects.filter(
        low_id=min(user_id, other_id), high_id=max(user_id, other_id)
    ).delete()
    if gone:
        tell_removed(user_id, other_id)
    return bool(gone)


def _close_open_request(blocker_id: int, blocked_id: int) -> None:
    request = open_between(blocker_id, blocked_id).first()
    if request is None:
        return
    is_own = request.scanner_id == blocker_id
    request.status = Status.WITHDRAWN if is_own else Status.REJECTED
    request.decided_at = now()
    request.save(update_fields=["status", "decided_at"])
    tell_both(request, "connection:rejected")
