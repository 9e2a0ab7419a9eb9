"""Stars: messages that a person keeps at hand, and nobody else knows of."""

from django.db import transaction

from chat.access import get_chat
from chat.models import Star
from chat.queries import present_message
from realtime.bus import publish


def star(user_id: int, chat_id: str, seq: int, is_starred: bool) -> None:
    """Stars a message for the person, or takes the star off it.

    Their own devices are told, unless it is so already; it takes no place in a log, so one that
    was away reads it with the message. Raises NotFound, Conflict ``message_deleted``.
    """
    with transaction.atomic():
        # Locked, so that nothing is put on a message that is being deleted for everyone.
        access = get_chat(user_id, chat_id, lock=True)
        present_message(access, seq)
        mine = Star.objects.filter(chat=access.chat, seq=seq, user_id=user_id)
        if is_starred == mine.exists():
            return
        if is_starred:
            Star.objects.create(chat=access.chat, seq=seq, user_id=user_id)
        else:
            mine.delete()
        data = {"chat": str(access.chat.pk), "message_seq": seq, "starred": is_starred}
        publish([user_id], "message:starred", data)
