"""Adding to a group, removing from it, leaving it, and the roles in it."""

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction

from chat.access import Access, admins_only, get_chat
from chat.actions.extras import member_not_found
from chat.actions.groups import group_full, parse_people
from chat.members import let_in, let_out, set_roles, user_not_found
from chat.models import Exclusion, Membership
from connections.queries import connected_ids
from core.clock import now
from core.errors import Conflict, Forbidden, NotFound
from core.ids import parse_id

Role = Membership.Role


def add_members(
    user_id: int, chat_id: str, names: Iterable[str], field: str
) -> tuple[Access, list[int], bool]:
    """Adds connections of the person's to a group; answers who is in it of those named, and
    whether that is new of anybody.

    By admins, and by all where the group says so. They are told ``chat:new``. Raises NotFound with
    ``fields`` for somebody unknown or not connected (then nobody is added), Forbidden
    ``admins_only``, also for somebody whom an admin has removed, Conflict ``group_full``, Invalid.
    """
    with transaction.atomic():
        access = get_chat(user_id, chat_id, lock=True)
        access.require_invite()
        chat = access.chat
        wanted = parse_people(names, field)
        members = Membership.objects.filter(chat=chat, user_id__in=wanted)
        new = wanted - set(members.values_list("user_id", flat=True))
        if connected_ids(user_id, new) != new:
            raise user_not_found(field)
        if chat.members_count + len(new) > settings.GROUP_MEMBERS_MAX:
            raise group_full()
        removed = Exclusion.objects.filter(chat=chat, user_id__in=new)
        if not access.membership.is_admin and removed.exists():
            raise admins_only()
        if new:
            let_in(chat, sorted(new), action="added", by=user_id)
    return access, sorted(wanted), bool(new)


def remove_member(user_id: int, chat_id: str, name: str) -> None:
    """Removes somebody from a group, for whom invites do not work from then on, or leaves it.

    By admins; admins only by the owner, the owner by nobody. Raises NotFound, also
    ``member_not_found``, Forbidden ``admins_only``, ``owner_only`` and ``owner_stays``, Invalid.
    """
    with transaction.atomic():
        access = get_chat(user_id, chat_id, lock=True)
        access.require_group()
        if name == str(user_id):
            let_out(access.chat, [user_id], action="left", by=user_id)
            return
        access.require_admin()
        member = get_member(access, name)
        if member.role == Role.OWNER:
            raise Forbidden("owner_stays", "The owner of a group cannot be removed.")
        if member.is_admin:
            access.require_owner()
        exclude(access, [member.user_id])


def exclude(access: Access, user_ids: list[int]) -> None:
    """Removes members, and notes that no invite lets them in again; the rules are checked."""
    Exclusion.objects.bulk_create(
        (Exclusion(chat=access.chat, user_id=one, at=now()) for one in user_ids),
        ignore_conflicts=True,
    )
    let_out(access.chat, user_ids, action="removed", by=access.membership.user_id)


def set_role(user_id: int, chat_id: str, name: str, role: Role) -> Membership:
    """Gives a member another role; ``owner`` passes the group on, its old owner becomes an admin.

    Only by the owner. Both are told their own side by ``chat:updated``. Raises NotFound, also
    ``member_not_found``, Forbidden ``owner_only``, Conflict ``owner_needed`` for the owner's own
    role, Invalid.
    """
    with transaction.atomic():
        access = get_chat(user_id, chat_id, lock=True)
        access.require_owner()
        member = get_member(access, name)
        if member.role == role:
            return member
        if member.user_id == user_id:
            raise Conflict("owner_needed", "Make somebody else the owner instead.")
        roles = {member.user_id: role}
        if role == Role.OWNER:
            action, roles[user_id] = "owner", Role.ADMIN
        else:
            action = "promoted" if role == Role.ADMIN else "demoted"
        set_roles(access.chat, roles, action=action, by=user_id, of=member.user_id)
        member.role = role
    return member


def get_member(access: Access, name: str) -> Membership:
    """The member of the chat whom a client names; raises NotFound ``member_not_found``."""
    try:
        member = Membership.objects.filter(chat=access.chat, user_id=parse_id(name)).first()
    except NotFound:
        member = None
    if member is None:
        raise member_not_found()
    return member
