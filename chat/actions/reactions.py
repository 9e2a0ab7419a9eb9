"""Reactions: one emoji a person and message."""

import emoji as emojis
from django.db import transaction

from chat.access import Access, get_chat
from chat.events import MessageUpdated
from chat.log import append_event, unchanged
from chat.models import ChatEvent, Reaction
from chat.queries import present_message
from core.errors import Invalid


def react(
    user_id: int, chat_id: str, seq: int, emoji: str | None, *, socket: int = 0
) -> MessageUpdated:
    """Puts the person's emoji on a message in place of the one before; None takes it back.

    All who see the message are told, unless nothing changes. Raises NotFound, Forbidden
    ``chat_closed``, Conflict ``message_deleted``, Invalid ``not_an_emoji``.
    """
    with transaction.atomic():
        access = get_chat(user_id, chat_id, lock=True)
        row = present_message(access, seq)
        access.require_open()
        if emoji is not None and not emojis.is_emoji(emoji):
            raise Invalid("not_an_emoji", "One emoji, please.")
        change = ChatEvent.Change.REACTED
        if not _put(access, seq, emoji):
            return unchanged(row.chat_id, seq, change, by=user_id, emoji=emoji)
        return append_event(row.chat_id, seq, change, by=user_id, emoji=emoji, skip=socket)


def _put(access: Access, seq: int, emoji: str | None) -> bool:
    """Whether it changes anything."""
    mine = Reaction.objects.filter(chat=access.chat, seq=seq, user_id=access.membership.user_id)
    if emoji is None:
        return mine.delete()[0] > 0
    if mine.filter(emoji=emoji).exists():
        return False
    # Anew, not changed in place: reactions are told in the order in which they came.
    mine.delete()
    Reaction.objects.create(
        chat=access.chat, seq=seq, user_id=access.membership.user_id, emoji=emoji
    )
    return True
