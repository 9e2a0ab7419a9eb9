"""What chats tell the apps below, which may not import them."""

from collections.abc import Collection

from accounts.access import register_visibility
from accounts.erasure import after_erase, on_erase
from accounts.export import register_section
from accounts.privacy import Relation
from chat.actions.attachments import files_forgotten, media_processed
from chat.actions.erasure import clear_person, forget_person, lock_groups, who_knows
from chat.actions.group_avatars import group_avatars_processed
from chat.actions.scheduled import scheduled_processed
from chat.attachments import media_shown_to
from chat.export import ABOUT, chats, size
from chat.models import Chat, JoinRequest, Membership
from chat.queries import direct_chats, member_ids
from chat.unseen import news_of, unread_of
from connections.queries import register_chat_lookup
from media.access import register_reader
from media.hooks import on_forgotten, on_processed
from notifications import badges
from notifications.queries import register_active_devices, register_news, register_unread
from presence.access import register_group_lookup
from presence.queries import active_devices
from realtime import bus, hub
from realtime.bridge import run_in_thread


def share_a_chat(viewer_id: int, user_id: int) -> bool:
    """Whether two people are in one chat: then they may see each other's profile."""
    chats = Membership.objects.filter(user_id=viewer_id).values("chat_id")
    return Membership.objects.filter(user_id=user_id, chat_id__in=chats).exists()


def share_a_group(viewer_id: int, user_id: int) -> bool:
    """Whether it is a group: then they see what is shown to everyone. A direct chat outlives the
    connection, and brings nobody so close.
    """
    return bool(group_mates(viewer_id, [user_id]))


def group_mates(viewer_id: int, ids: Collection[int]) -> set[int]:
    """Those of ``ids`` who are in a group with the viewer; one query, for presence."""
    groups = Membership.objects.filter(user_id=viewer_id, chat__kind=Chat.Kind.GROUP)
    mates = Membership.objects.filter(user_id__in=ids, chat_id__in=groups.values("chat_id"))
    return set(mates.values_list("user_id", flat=True))


def asks_to_join(viewer_id: int, user_id: int) -> bool:
    """Whether one asks to be let into a group that the other runs."""
    runs = Membership.objects.filter(user_id=viewer_id).exclude(role=Membership.Role.MEMBER)
    asked = JoinRequest.objects.filter(user_id=user_id, status=JoinRequest.Status.PENDING)
    return asked.filter(chat_id__in=runs.values("chat_id")).exists()


def _members(chat_id: int) -> tuple[int, list[int]]:
    # The version first: members read after it are at least as new as it says.
    version = Chat.objects.values_list("members_version", flat=True).filter(pk=chat_id).first()
    return version or 0, member_ids(chat_id)


async def load_members(chat_id: int) -> tuple[int, list[int]]:
    """The members of a chat and the version they are of, for the hub."""
    return await run_in_thread(_members, chat_id)


def complete(medium_ids: Collection[int]) -> None:
    """Media are ready or rejected: tells of what shows them, chats first, people's own after it."""
    media_processed(medium_ids)
    group_avatars_processed(medium_ids)
    scheduled_processed(medium_ids)


register_visibility(share_a_group, Relation.GROUP)
register_visibility(share_a_chat, Relation.KNOWN)
register_group_lookup(group_mates)
register_chat_lookup(direct_chats)
register_visibility(asks_to_join, Relation.KNOWN)
register_reader(media_shown_to)
on_processed(complete)
on_forgotten(files_forgotten)
on_erase(forget_person, who_knows, lock_groups)
after_erase(clear_person)
hub.provide_members(load_members)
register_section(chats, ABOUT, size)
register_unread(unread_of)
register_news(news_of)
register_active_devices(active_devices)
bus.on_push(
    *("chat:receive", "message:updated", "message:hidden", "message:seen"),
    *("chat:new", "chat:updated", "chat:cleared", "chat:removed", "user:erased"),
)(badges.note)
