"""What an erased person leaves behind here: nothing."""

from django.db.models import Q

from connections.models import Block, Connection, ConnectionRequest, QrToken
from connections.queries import connected_ids, pending_requests


def who_knows(user_id: int) -> set[int]:
    """Connections, and the other sides of open requests."""
    requests = pending_requests(user_id)
    ends = {row.scanner_id for row in requests} | {row.owner_id for row in requests}
    return connected_ids(user_id) | ends


def forget_person(user_id: int) -> None:
    """Deletes the person's connections, requests, code and blocks.

    In the transaction that erases the account, which holds the person's row, so that nobody
    connects to them any more. Who knew them is told ``user:erased`` and nothing else.
    """
    Connection.objects.filter(Q(low_id=user_id) | Q(high_id=user_id)).delete()
    ConnectionRequest.objects.filter(Q(scanner_id=user_id) | Q(owner_id=user_id)).delete()
    QrToken.objects.filter(owner_id=user_id).delete()
    Block.objects.filter(Q(blocker_id=user_id) | Q(blocked_id=user_id)).delete()
