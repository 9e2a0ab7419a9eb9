"""Making a group, and changing what all its members share."""

import hashlib
from collections.abc import Iterable
from typing import Any

import msgspec
from django.conf import settings
from django.db import transaction
from msgspec import UNSET

from accounts.limits import DAY, take
from chat.access import Access, admins_only, get_chat
from chat.actions.messages import is_blank
from chat.log import append_system
from chat.members import are_there, tell_changed, tell_new, user_not_found
from chat.models import Chat, Membership
from chat.schemas.groups import ChangeChat, ChangePermissions, NewGroup
from connections.access import lock_people
from connections.queries import connected_ids
from core.errors import Conflict, Invalid, NotFound
from core.ids import parse_id
from core.schema import one_line

Role = Membership.Role

PERMISSIONS = ("post", "edit_info", "invite", "history")


def create_group(user_id: int, group: NewGroup) -> tuple[Chat, bool]:
    """Makes a group of the person and some connections, or finds what its ``client_id`` made; also
    whether it was made.

    All members are told by ``chat:new``. Locks the members' rows. Raises NotFound with
    ``fields.members`` for somebody unknown or not connected, Conflict ``client_id_reused`` and
    ``group_full``, RateLimited beyond GROUPS_PER_ACCOUNT_PER_DAY, Invalid.
    """
    name = checked_name(group.name)
    others = parse_people(group.members, "members") - {user_id}
    if len(others) >= settings.GROUP_MEMBERS_MAX:
        raise group_full()
    with transaction.atomic():
        # The person's row with them: of two equal calls the second finds what the first has made.
        connected = connected_ids(user_id, others)
        lock_people(user_id, *connected)
        made = _made_before(user_id, group)
        if made is not None:
            return made, False
        if connected != others or not are_there({user_id, *others}):
            raise user_not_found("members")
        take(f"groups:{user_id}", settings.GROUPS_PER_ACCOUNT_PER_DAY, DAY)
        chat = Chat.objects.create(
            kind=Chat.Kind.GROUP,
            name=name,
            description=group.description,
            members_count=1 + len(others),
            creator_id=user_id,
            client_id=group.client_id,
            digest=_digest(group),
        )
        roles = {user_id: Role.OWNER, **dict.fromkeys(sorted(others), Role.MEMBER)}
        Membership.objects.bulk_create(
            # The first message is that of their joining.
            Membership(chat=chat, user_id=one, role=role, joined=1, delivered=1, seen=1)
            for one, role in roles.items()
        )
        tell_new(chat, roles)
        append_system(chat.pk, "created", by=user_id, name=name)
    return chat, True


def change_chat(user_id: int, chat_id: str, change: ChangeChat) -> None:
    """Changes what all members of a chat share; each change is a system message.

    Name, description and ``disappear_after`` of a group by those of whom ``edit_info`` says so,
    permissions by admins; ``disappear_after`` of a direct chat by either. All are told how the
    chat is now by ``chat:updated``. Raises NotFound, Forbidden ``admins_only`` and
    ``chat_closed``, Invalid, also ``not_a_group``.
    """
    with transaction.atomic():
        access = get_chat(user_id, chat_id, lock=True)
        _check_may_change(access, change)
        chat = access.chat
        told: dict[str, dict[str, Any]] = {}
        if change.name is not UNSET and chat.name != (name := checked_name(change.name)):
            chat.name = name
            told["renamed"] = {"name": name}
        if change.description is not UNSET and chat.description != change.description:
            chat.description = change.description
            told["described"] = {}
        if change.permissions is not UNSET and (changed := _permit(chat, change.permissions)):
            told["permissions"] = {"permissions": changed}
            chat.members_version += 1  # what was read of who may write is old
        if change.disappear_after is not UNSET and chat.disappear_after != change.disappear_after:
            chat.disappear_after = change.disappear_after
            told["disappear"] = {"seconds": change.disappear_after}
        if not told:
            return
        fields = ["name", "description", *PERMISSIONS, "members_version", "disappear_after"]
        chat.save(update_fields=fields)
        for action, more in told.items():
            append_system(chat.pk, action, by=user_id, **more)
        tell_changed(chat.pk)


def _check_may_change(access: Access, change: ChangeChat) -> None:
    if change.name is not UNSET or change.description is not UNSET:
        access.require_group()
    if change.permissions is not UNSET:
        access.require_admin()
    if access.peer_id is not None:
        access.require_open()
    elif not access.may(access.chat.edit_info):
        raise admins_only()


def _permit(chat: Chat, permissions: ChangePermissions) -> dict[str, str]:
    """What of it is new."""
    given = {name: getattr(permissions, name) for name in PERMISSIONS}
    new = {
        name: value
        for name, value in given.items()
        if value is not UNSET and value != getattr(chat, name)
    }
    for name, value in new.items():
        setattr(chat, name, value)
    return new


def _made_before(user_id: int, group: NewGroup) -> Chat | None:
    if group.client_id is None:
        return None
    chat = Chat.objects.filter(creator_id=user_id, client_id=group.client_id).first()
    if chat is None:
        return None
    if bytes(chat.digest or b"") != _digest(group):
        raise Conflict("client_id_reused", "This client_id was used for another group.")
    return get_chat(user_id, str(chat.pk)).chat


def _digest(group: NewGroup) -> bytes:
    """16 bytes (BLAKE2b) of all that makes a repeat the same group."""
    content = [group.name, sorted(set(group.members)), group.description]
    return hashlib.blake2b(msgspec.json.encode(content), digest_size=16).digest()


def parse_people(names: Iterable[str], field: str) -> set[int]:
    """The ids of people whom a client names; raises NotFound with ``fields``."""
    try:
        return {parse_id(name) for name in names}
    except NotFound as error:
        raise user_not_found(field) from error


def checked_name(text: str) -> str:
    """A name for a group: one line that can be seen; raises Invalid."""
    name = one_line("name", text)
    if is_blank(name):
        message = "A name needs a visible character."
        raise Invalid("invalid", message, fields={"name": [message]})
    return name


def group_full() -> Conflict:
    """Nobody fits in any more."""
    return Conflict("group_full", f"A group has at most {settings.GROUP_MEMBERS_MAX} members.")
