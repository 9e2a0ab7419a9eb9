"""Pins: messages that a chat keeps at its top, for all in it."""

from django.conf import settings
from django.db import transaction

from chat.access import admins_only, get_chat
from chat.actions.messages import take_rate
from chat.events import MessageUpdated
from chat.log import append_event, unchanged
from chat.models import ChatEvent, Message
from chat.queries import pinned_in, present_message
from core.clock import now
from core.errors import Conflict


def pin(user_id: int, chat_id: str, seq: int, is_pinned: bool) -> MessageUpdated:
    """Pins a message or takes it down: in groups by those who may edit its info.

    All who see the message are told, unless it is so already. Raises NotFound, Forbidden
    ``chat_closed`` and ``admins_only``, Conflict ``message_deleted``, and ``pins_full`` where
    PINS_PER_CHAT are pinned, RateLimited.
    """
    take_rate(user_id)
    with transaction.atomic():
        access = get_chat(user_id, chat_id, lock=True)
        row = present_message(access, seq)
        access.require_open()
        if not access.may(access.chat.edit_info):
            raise admins_only()
        change = ChatEvent.Change.PINNED
        if is_pinned == (row.pinned_at is not None):
            return unchanged(row.chat_id, seq, change, by=user_id)
        if is_pinned and pinned_in(access.chat).count() >= settings.PINS_PER_CHAT:
            raise Conflict("pins_full", "Take another pinned message down first.")
        pinned_at = now() if is_pinned else None
        Message.objects.filter(chat=access.chat, seq=seq).update(pinned_at=pinned_at)
        return append_event(row.chat_id, seq, change, by=user_id)
