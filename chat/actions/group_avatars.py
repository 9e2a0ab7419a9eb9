"""The picture of a group: changed by those who may change what it says of itself."""

from collections.abc import Collection

from django.db import transaction

from chat.access import Access, admins_only, get_chat
from chat.attachments import GROUP, holders_of
from chat.log import append_system
from chat.members import tell_changed
from chat.models import Chat
from media.actions.media import hold, lock_processing, release_one
from media.models import Blob, Hold, Medium


def get_group_to_change(user_id: int, chat_id: str, *, lock: bool = False) -> Access:
    """A group whose picture the person may change.

    Raises NotFound, Invalid ``not_a_group``, Forbidden ``admins_only``.
    """
    access = get_chat(user_id, chat_id, lock=lock)
    access.require_group()
    if not access.may(access.chat.edit_info):
        raise admins_only()
    return access


def set_group_avatar(user_id: int, chat_id: str, medium: Medium) -> None:
    """Makes a medium of the person's the picture of a group. The one before is kept until this one
    is ready, and comes back if it is rejected.

    A system message, and ``chat:updated`` to all. Raises as above.
    """
    with transaction.atomic():
        lock_processing([medium.pk])
        chat = get_group_to_change(user_id, chat_id, lock=True).chat
        hold([medium.pk], GROUP, chat.pk)
        _show(chat, medium.pk, by=user_id)
        group_avatars_processed([medium.pk])


def drop_group_avatar(user_id: int, chat_id: str) -> None:
    """Takes the picture of a group away; as above, if there is one."""
    with transaction.atomic():
        chat = get_group_to_change(user_id, chat_id, lock=True).chat
        if chat.avatar_id is not None:
            _show(chat, None, by=user_id)
        _release_others(chat)


def group_avatars_processed(medium_ids: Collection[int]) -> None:
    """Lets go of the pictures before these which are ready, or of these if they were rejected: then
    all see again what was there before. Locks the chats, the lower id first, and media.
    """
    for chat_id in holders_of(medium_ids, GROUP):
        chat = Chat.objects.select_for_update(no_key=True).get(pk=chat_id)
        match Blob.objects.filter(media=chat.avatar_id).values_list("state", flat=True).first():
            case Blob.State.PROCESSING:
                continue  # replaced before it was ready
            case Blob.State.REJECTED:
                ready = Hold.objects.filter(
                    kind=GROUP, holder_id=chat.pk, medium__blob__state=Blob.State.READY
                )
                before = ready.order_by("-pk").values_list("medium_id", flat=True).first()
                _show(chat, before, by=None)
            case Blob.State.READY:
                tell_changed(chat.pk)  # it can be opened now
        _release_others(chat)


def drop_lost_avatar(chat_id: int) -> None:
    """For a group whose picture has gone with the person whose it was."""
    with transaction.atomic():
        chat = Chat.objects.select_for_update(no_key=True).get(pk=chat_id)
        if chat.avatar_id and not Medium.objects.filter(pk=chat.avatar_id).exists():
            _show(chat, None, by=None)


def _show(chat: Chat, medium_id: int | None, by: int | None) -> None:
    chat.avatar_id = medium_id
    chat.save(update_fields=["avatar_id"])
    append_system(chat.pk, "avatar", by=by)
    tell_changed(chat.pk)


def _release_others(chat: Chat) -> None:
    holds = Hold.objects.filter(kind=GROUP, holder_id=chat.pk)
    others = holds.exclude(medium_id=chat.avatar_id or 0).order_by("medium_id")
    for medium_id in list(others.values_list("medium_id", flat=True)):
        release_one(medium_id, GROUP, chat.pk)
