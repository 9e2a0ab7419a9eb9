"""A person's own side of a chat: what nobody else sees."""

from typing import Any

from django.conf import settings
from django.db import transaction
from msgspec import UNSET

from accounts.access import lock_account
from accounts.log import tell
from chat.access import Access, get_chat
from chat.models import Membership
from chat.payloads import ChatPayload
from chat.rendering import chat_new
from chat.schemas.chats import ChangeMine
from core.clock import now
from core.errors import Conflict
from core.schema import moment


def change_mine(user_id: int, chat_id: str, change: ChangeMine) -> ChatPayload:
    """Mutes, archives, pins, marks as unread, keeps a draft; answers the chat as it is then.

    The own devices are told by ``chat:updated``, unless nothing changes. Locks the chat, the
    membership, then the user's row. Raises NotFound; Invalid; Conflict ``pinned_full``.
    """
    with transaction.atomic():
        # The chat's lock, as whoever changes roles or erases people holds their rows when they come
        # to memberships: it keeps these two apart.
        access = get_chat(user_id, chat_id, lock=True)
        wanted = _wanted(change)
        # Marks are raised without it.
        mine = Membership.objects.select_for_update(no_key=True).get(pk=access.membership.pk)
        changed = [name for name, it in wanted.items() if getattr(mine, name) != it]
        if "pinned" in changed and wanted["pinned"]:
            _check_may_pin(access)
        for name in changed:
            setattr(mine, name, wanted[name])
        mine.save(update_fields=changed)
        data = chat_new(user_id, access.chat.pk)
        if changed:
            tell(user_id, "chat:updated", data, kept={"chat": {"id": str(access.chat.pk)}})
        return data["chat"]


def _wanted(change: ChangeMine) -> dict[str, Any]:
    """What was given, as it is stored; a time that has passed mutes nothing."""
    names = ("muted_until", "archived", "pinned", "marked_unread", "draft")
    wanted = {name: it for name in names if (it := getattr(change, name)) is not UNSET}
    if wanted.get("muted_until") is not None:
        until = moment(wanted["muted_until"], "muted_until")
        wanted["muted_until"] = until if until > now() else None
    if "draft" in wanted:
        wanted["draft"] = wanted["draft"] or ""
    return wanted


def _check_may_pin(access: Access) -> None:
    # Under the lock of the user's row: of two devices that pin at once the second counts the
    # first's.
    user_id = access.membership.user_id
    lock_account(user_id)
    pinned = Membership.objects.filter(user_id=user_id, pinned=True).count()
    if pinned >= settings.PINNED_CHATS_MAX:
        raise Conflict("pinned_full", f"At most {settings.PINNED_CHATS_MAX} chats can be pinned.")
