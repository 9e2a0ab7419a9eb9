"""Reactions: one emoji a person and message."""

import emoji as emojis
from django.db import transaction

from chat.access import Access, get_chat
from chat.actions.messages import take_rate
from chat.events import MessageUpdated
from chat.log import append_event, unchanged
from chat.models import ChatEvent, Membership, Reaction
from chat.payloads import MessageRow
from chat.queries import present_message, shown_to
from chat.unseen import UNMUTED
from core.errors import Invalid
from notifications.actions.notices import notify, retract


def react(
    user_id: int, chat_id: str, seq: int, emoji: str | None, *, socket: int = 0
) -> MessageUpdated:
    """Puts the person's emoji on a message in place of the one before; None takes it back.

    All who see the message are told, unless nothing changes. Raises NotFound, Forbidden
    ``chat_closed``, Conflict ``message_deleted``, Invalid ``not_an_emoji``, RateLimited.
    """
    take_rate(user_id)
    with transaction.atomic():
        access = get_chat(user_id, chat_id, lock=True)
        row = present_message(access, seq)
        access.require_open()
        if emoji is not None and not emojis.is_emoji(emoji):
            raise Invalid("not_an_emoji", "One emoji, please.")
        change = ChatEvent.Change.REACTED
        if not _put(access, seq, emoji):
            return unchanged(row.chat_id, seq, change, by=user_id, emoji=emoji)
        told = append_event(row.chat_id, seq, change, by=user_id, emoji=emoji, skip=socket)
        _tell_author(user_id, row, is_there=emoji is not None)
        return told


def take_notice_back(row: MessageRow) -> None:
    """The notification of reactions to a message goes: there are none any more."""
    if row.sender_id is not None:
        retract([row.sender_id], _notice(row))


def _tell_author(by: int, row: MessageRow, *, is_there: bool) -> None:
    """One notification of all reactions to a message, until it is read; it goes with the last."""
    author = row.sender_id
    if author is None or author == by:
        return
    if not is_there:
        others = Reaction.objects.filter(chat_id=row.chat_id, seq=row.seq).exclude(user_id=author)
        if not others.exists():
            take_notice_back(row)
        return
    mine = Membership.objects.filter(UNMUTED, chat_id=row.chat_id, user_id=author).first()
    if mine is not None and shown_to(mine).filter(seq=row.seq).exists():
        data: dict[str, str | int] = {"chat": str(row.chat_id), "seq": row.seq}
        notify([author], "reaction", by=by, data=data, key=_notice(row))


def _notice(row: MessageRow) -> str:
    return f"reaction:{row.chat_id}-{row.seq}"


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
