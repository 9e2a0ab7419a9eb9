"""Coming into a group and going out of it, and how all who are concerned are told.

The rules are the callers' (``chat.actions``), who hold the chat's lock.
"""

from collections.abc import Collection, Sequence

from django.db.models import F

from accounts.log import lock_logs, tell_each
from accounts.models import User
from chat.attachments import SCHEDULED
from chat.ended_groups import clear_group
from chat.join_requests import admin_ids, decide, open_requests
from chat.log import append_system
from chat.models import Chat, Exclusion, Invite, JoinRequest, Membership, Scheduled
from chat.rendering import changed_chat, chat_new_each, own_side
from core.clock import now
from core.errors import NotFound
from media.actions.media import release
from realtime.bus import publish
from realtime.control import forget_audience
from realtime.hub import Audience

Role = Membership.Role


def let_in(
    chat: Chat, user_ids: Sequence[int], *, action: str, by: int, invite_id: int | None = None
) -> None:
    """Makes people members, who are told ``chat:new``; the others see the system message.

    Requests of theirs to join are approved by it. Locks the rows of all who are told. Raises
    NotFound for one who is gone or banned.
    """
    requests = open_requests(chat.pk, user_ids)
    admins = admin_ids(chat.pk) if requests else []
    lock_logs({*user_ids, *admins})
    if not are_there(user_ids):
        raise user_not_found("users")
    start = 0 if chat.history == Chat.History.ALL else chat.head
    joined = chat.head + 1
    Membership.objects.bulk_create(
        Membership(
            chat=chat,
            user_id=one,
            invite_id=invite_id,
            joined=joined,
            start=start,
            delivered=joined,
            seen=joined,
        )
        for one in user_ids
    )
    Exclusion.objects.filter(chat=chat, user_id__in=user_ids).delete()
    _change_members(chat, len(user_ids))
    # Before the system message, so that they know the chat when they hear its first message.
    tell_new(chat, dict.fromkeys(user_ids, Role.MEMBER))
    for request in requests:
        decide(request, JoinRequest.Status.APPROVED, by, admins)
    append_system(chat.pk, action, by=by, users=user_ids)
    tell_changed(chat.pk)


def let_out(chat: Chat, user_ids: Collection[int], *, action: str, by: int) -> None:
    """Ends memberships; who goes is told ``chat:removed``, and from then on there is no such chat.

    If the owner goes, the longest-standing admin becomes the owner, else the longest-standing
    member; with the last member the group ends, and a job clears it. Invites of theirs work no
    more, and what they have scheduled goes. Locks the memberships, then the rows of those who are
    told, then media.
    """
    gone = Membership.objects.filter(chat=chat, user_id__in=user_ids)
    # Marks are raised without the chat's lock: what they are writing down is waited for.
    list(gone.select_for_update().order_by("pk").values_list("pk"))
    gone.delete()
    _change_members(chat, -len(user_ids))
    Invite.objects.filter(chat=chat, by__in=user_ids, revoked_at=None).update(revoked_at=now())
    unsaid = _drop_scheduled(chat, user_ids)
    heir = _heir(chat)
    is_over = heir is None and not chat.memberships.exists()
    requests = open_requests(chat.pk) if is_over else []
    told = {*user_ids, *(request.user_id for request in requests)}
    lock_logs(told if heir is None else {*told, heir.user_id})
    chat_removed = {"chat": str(chat.pk)}
    tell_each({one: ("chat:removed", chat_removed) for one in user_ids})
    for request in requests:
        decide(request, JoinRequest.Status.REJECTED, None, [])
    if is_over:
        clear_group.defer(chat_id=chat.pk)
    else:
        append_system(chat.pk, action, by=by, users=user_ids)
        if heir is not None:
            set_roles(chat, {heir.user_id: Role.OWNER}, action="owner", by=None, of=heir.user_id)
        tell_changed(chat.pk)
    release(SCHEDULED, unsaid)


def set_roles(chat: Chat, roles: dict[int, Role], *, action: str, by: int | None, of: int) -> None:
    """Gives members other roles, writes down that of ``of``, and tells each of those whose it is.

    Locks the rows of the members.
    """
    lock_logs(roles)
    for user_id, role in roles.items():
        Membership.objects.filter(chat=chat, user_id=user_id).update(role=role)
    Chat.objects.filter(pk=chat.pk).update(members_version=F("members_version") + 1)
    append_system(chat.pk, action, by=by, users=[of])
    tell_each(
        {one: ("chat:updated", own_side(one, chat.pk)) for one in roles},
        kept={"chat": {"id": str(chat.pk)}},
    )


def tell_new(chat: Chat, roles: dict[int, Role]) -> None:
    """Tells newcomers, whose roles are given, that the group is theirs."""
    news = {one: ("chat:new", data) for one, data in chat_new_each(chat.pk, roles).items()}
    tell_each(news, kept={"chat": {"id": str(chat.pk)}})


def tell_changed(chat_id: int) -> None:
    """Tells all who are in a chat how it is now."""
    chat = Chat.objects.get(pk=chat_id)
    if chat.low_id is None or chat.high_id is None:
        to: Audience | list[int] = Audience(chat.pk, chat.members_version)
    else:
        to = [chat.low_id, chat.high_id]
    publish(to, "chat:updated", {"chat": changed_chat(chat)})


def are_there(user_ids: Collection[int]) -> bool:
    """Whether all of some people have an account that is in use."""
    rows = User.objects.filter(pk__in=user_ids, is_active=True, deleted_at=None)
    return rows.count() == len(user_ids)


def user_not_found(field: str) -> NotFound:
    """Somebody who is to become a member is unknown, or no connection: the two look alike."""
    text = "There is no such person among your connections."
    return NotFound("user_not_found", text, fields={field: [text]})


def _heir(chat: Chat) -> Membership | None:
    """Who becomes the owner, if there is none and anybody is left."""
    members = Membership.objects.filter(chat=chat)
    if members.filter(role=Role.OWNER).exists():
        return None
    # "admin" comes before "member".
    return members.order_by("role", "joined_at", "pk").first()


def _drop_scheduled(chat: Chat, user_ids: Collection[int]) -> list[int]:
    """Removes what people wanted to say later; answers what still holds the files of it.

    What is being changed or taken back at this moment is left to its job, which finds no such chat
    any more. It is not waited for: an erasure holds the person's row already, and they want it.
    """
    theirs = Scheduled.objects.filter(chat=chat, sender_id__in=user_ids)
    ids = list(theirs.select_for_update(skip_locked=True).values_list("pk", flat=True))
    Scheduled.objects.filter(pk__in=ids).delete()
    return ids


def _change_members(chat: Chat, change: int) -> None:
    Chat.objects.filter(pk=chat.pk).update(
        members_count=F("members_count") + change, members_version=F("members_version") + 1
    )
    forget_audience(chat.pk)
