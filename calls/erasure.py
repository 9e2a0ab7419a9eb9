"""What an erased person leaves behind here: that somebody was in the calls of others."""

from calls.models import Call, Participant


def clear_calls(user_id: int) -> None:
    """Forgets with which devices the person called. The log of those they called keeps the calls,
    with a deleted account.
    """
    mine = Participant.objects.filter(user_id=user_id, device_id__isnull=False)
    mine.update(device_id=None, socket="", alive_at=None)
    named = Call.objects.filter(caller_id=user_id, client_id__isnull=False)
    named.update(client_id=None)
