"""Making and revoking invites, and joining by one."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from accounts.limits import HOUR, take
from accounts.log import lock_logs
from chat.access import get_chat
from chat.actions.groups import group_full
from chat.actions.members import exclude
from chat.invites import hash_of, invites_of, token_of
from chat.join_requests import admin_ids, decide, open_requests, tell_request
from chat.members import are_there, let_in
from chat.models import Chat, Exclusion, Invite, JoinRequest, Membership
from chat.schemas.invites import NewInvite
from connections.queries import blocked_between
from core.clock import now
from core.errors import Conflict, Gone, NotFound
from core.ids import new_id, parse_id

Role = Membership.Role
Status = JoinRequest.Status


def make_invite(user_id: int, chat_id: str, wanted: NewInvite) -> Invite:
    """A new code for a group, by admins, and by all where the group says so.

    Raises NotFound, Forbidden ``admins_only``, Conflict ``invites_full`` while
    INVITES_PER_GROUP_MAX work, Invalid ``not_a_group``.
    """
    with transaction.atomic():
        access = get_chat(user_id, chat_id, lock=True)
        access.require_invite()
        at = now()
        working = Invite.objects.filter(
            Q(expires_at=None) | Q(expires_at__gt=at),
            Q(max_uses=None) | Q(uses__lt=F("max_uses")),
            chat=access.chat,
            revoked_at=None,
        )
        if working.count() >= settings.INVITES_PER_GROUP_MAX:
            raise Conflict("invites_full", "This group has as many invites as it may.")
        invite_id = new_id()
        seconds = wanted.expires_in
        return Invite.objects.create(
            pk=invite_id,
            chat=access.chat,
            token_hash=hash_of(token_of(invite_id)),
            by_id=user_id,
            created_at=at,
            expires_at=None if seconds is None else at + timedelta(seconds=seconds),
            max_uses=wanted.max_uses,
            approval=wanted.approval,
        )


def revoke_invite(user_id: int, chat_id: str, name: str, *, remove_members: bool) -> None:
    """A code lets nobody in any more; by admins, or by who made it.

    ``remove_members``, by admins: and removes all whom it has let in, as far as the caller may
    remove them; also of one that was revoked before. Raises NotFound, also ``invite_not_found``,
    Forbidden ``admins_only``, Invalid ``not_a_group``.
    """
    with transaction.atomic():
        access = get_chat(user_id, chat_id, lock=True)
        access.require_group()
        if remove_members:
            access.require_admin()
        try:
            invite = invites_of(access).filter(pk=parse_id(name)).first()
        except NotFound:
            invite = None
        if invite is None or (invite.revoked_at is not None and not remove_members):
            raise NotFound("invite_not_found", "There is no such invite.")
        Invite.objects.filter(pk=invite.pk, revoked_at=None).update(revoked_at=now())
        if not remove_members:
            return
        let_in = Membership.objects.filter(chat=access.chat, invite=invite)
        kept = [Role.OWNER] if access.membership.role == Role.OWNER else [Role.OWNER, Role.ADMIN]
        user_ids = list(let_in.exclude(role__in=kept).values_list("user_id", flat=True))
        if user_ids:
            exclude(access, user_ids)


def join(user_id: int, token: str) -> tuple[int, JoinRequest | None]:
    """Lets the person into a group by a code; answers its id, and a request if an admin has to
    agree, who is told ``join:request``.

    Who is in it already or has asked already changes nothing. Raises Gone ``invite_gone`` for a
    code that was used up, revoked, has expired or never was, for somebody who was removed from the
    group, and where the person and who made the code block one another: all look alike. Conflict
    ``group_full`` and ``requests_full``, RateLimited beyond JOINS_PER_ACCOUNT_PER_HOUR tries.
    """
    with transaction.atomic():
        take(f"join:{user_id}", settings.JOINS_PER_ACCOUNT_PER_HOUR, HOUR)
    chat_id = (
        Invite.objects.filter(token_hash=hash_of(token)).values_list("chat_id", flat=True).first()
    )
    if chat_id is None:
        raise _gone()
    with transaction.atomic():
        chat = Chat.objects.select_for_update(no_key=True).get(pk=chat_id)
        invite = Invite.objects.get(token_hash=hash_of(token))
        if Membership.objects.filter(chat=chat, user_id=user_id).exists():
            return chat.pk, None
        asked = open_requests(chat.pk, [user_id])
        if asked and invite.approval:
            return chat.pk, asked[0]
        if not invite.works(now()) or _is_kept_out(user_id, invite):
            raise _gone()
        if chat.members_count >= settings.GROUP_MEMBERS_MAX:
            raise group_full()
        Invite.objects.filter(pk=invite.pk).update(uses=F("uses") + 1)
        if invite.approval:
            return chat.pk, _ask(user_id, invite)
        let_in(chat, [user_id], action="joined", by=user_id, invite_id=invite.pk)
    return chat.pk, None


def decide_request(user_id: int, chat_id: str, name: str, *, approve: bool) -> JoinRequest:
    """Lets in who has asked, or turns them down; by admins. All admins and who asked are told.

    Of several decisions the first stands. Raises NotFound, also ``join_request_not_found``,
    Forbidden ``admins_only``, Conflict ``not_pending`` and ``group_full`` (the request stays
    open), Invalid ``not_a_group``.
    """
    with transaction.atomic():
        access = get_chat(user_id, chat_id, lock=True)
        access.require_admin()
        chat = access.chat
        try:
            request = JoinRequest.objects.filter(chat=chat, pk=parse_id(name)).first()
        except NotFound:
            request = None
        if request is None:
            raise NotFound("join_request_not_found", "There is no such request.")
        # With the row of who asks the request stands still: they may be erased, and it with them.
        admins = admin_ids(chat.pk)
        lock_logs({*admins, request.user_id})
        if not JoinRequest.objects.filter(pk=request.pk, status=Status.PENDING).exists():
            raise Conflict("not_pending", "This request is not open any more.")
        if not approve:
            decide(request, Status.REJECTED, user_id, admins)
            return request
        if chat.members_count >= settings.GROUP_MEMBERS_MAX:
            raise group_full()
        let_in(chat, [request.user_id], action="joined", by=user_id, invite_id=request.invite_id)
        request.status = Status.APPROVED
    return request


def _is_kept_out(user_id: int, invite: Invite) -> bool:
    removed = Exclusion.objects.filter(chat_id=invite.chat_id, user_id=user_id)
    return removed.exists() or blocked_between(user_id, invite.by_id)


def _ask(user_id: int, invite: Invite) -> JoinRequest:
    if len(open_requests(invite.chat_id)) >= settings.OPEN_REQUESTS_MAX:
        raise Conflict("requests_full", "Too many requests are waiting for an answer.")
    admins = admin_ids(invite.chat_id)
    lock_logs({*admins, user_id})
    if not are_there([user_id]):  # erased in the meantime
        raise _gone()
    request = JoinRequest.objects.create(chat_id=invite.chat_id, user_id=user_id, invite=invite)
    tell_request(request, "join:request", admins)
    return request


def _gone() -> Gone:
    return Gone("invite_gone", "This invite works no more. Ask for a new one.")
