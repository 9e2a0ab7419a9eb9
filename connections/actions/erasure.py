"""What an erased person leaves behind here: nothing."""

from django.db.models import Q

from connections.access import lock_people
from connections.models import Block, Connection, ConnectionRequest, QrToken
from connections.queries import connected_ids, pending_requests


def forget_person(user_id: int) -> set[int]:
    """Deletes the person's connections, requests, code and blocks; answers who knew them.

    In the transaction that erases the account. Takes the rows of all concerned, ascending, so that
    nobody connects to the person any more. Those answered are told ``user:erased`` and nothing
    else.
    """
    requests = pending_requests(user_id)
    told = connected_ids(user_id) | {row.scanner_id for row in requests}
    told |= {row.owner_id for row in requests}
    lock_people(user_id, *told)
    told |= connected_ids(user_id)
    Connection.objects.filter(Q(low_id=user_id) | Q(high_id=user_id)).delete()
    ConnectionRequest.objects.filter(Q(scanner_id=user_id) | Q(owner_id=user_id)).delete()
    QrToken.objects.filter(owner_id=user_id).delete()
    Block.objects.filter(Q(blocker_id=user_id) | Q(blocked_id=user_id)).delete()
    return told - {user_id}
