"""Clearing a chat for oneself, and deleting it from one's list; others keep theirs."""

from typing import Any

from django.db import transaction

from accounts.log import tell
from chat.access import get_chat
from chat.events import ChatCleared
from chat.models import Hidden, Membership, Star


def clear_chat(user_id: int, chat_id: str) -> None:
    """Lets the person's history begin after all that is there; the own devices are told.

    Raises NotFound.
    """
    _clear(user_id, chat_id, hide=False)


def delete_chat(user_id: int, chat_id: str) -> None:
    """Clears a direct chat and takes it from the person's list until a message follows.

    It comes back as a new one would: not pinned, not archived, without a draft. Raises NotFound;
    Conflict ``group_not_left`` for a group.
    """
    _clear(user_id, chat_id, hide=True)


def _clear(user_id: int, chat_id: str, *, hide: bool) -> None:
    with transaction.atomic():
        # The chat's lock, so that each message is on one side of it.
        access = get_chat(user_id, chat_id, lock=True)
        if hide:
            access.require_left_group()
        chat, mine = access.chat, access.membership
        if mine.start == chat.head and mine.hidden == hide:
            return
        changes: dict[str, Any] = {"start": chat.head, "hidden": hide, "marked_unread": False}
        if hide:
            changes |= {"pinned": False, "archived": False, "draft": ""}
        Membership.objects.filter(pk=mine.pk).update(**changes)
        for kept in (Star, Hidden):
            kept._default_manager.filter(user_id=user_id, chat=chat, seq__lte=chat.head).delete()
        data: ChatCleared = {"chat": str(chat.pk), "seq": chat.head, "hidden": hide}
        tell(user_id, "chat:cleared", data)
