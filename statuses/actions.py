"""Showing, looking at, answering and taking down statuses."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from django.conf import settings
from django.db import transaction

from accounts.access import lock_account
from accounts.models import Audience as Privacy
from accounts.models import User
from accounts.payloads import people
from chat.actions.chats import open_direct_chat
from chat.actions.messages import blank, is_blank, send_message
from chat.schemas.messages import SendMessage
from chat.writer import Draft, Written, reused
from connections.queries import connected_ids
from core.clock import now, rfc3339
from core.errors import Conflict, Invalid, NotFound
from core.ids import parse_id
from media.access import own_media
from media.actions.media import hold, release
from media.models import Medium
from realtime.bus import publish
from statuses.access import (
    get_own_status,
    get_status,
    require_statuses,
    statuses_off,
    wanting_statuses,
)
from statuses.models import Status, SwitchedOff, View
from statuses.queries import shared
from statuses.schemas import PostStatus

#: What statuses are to ``media.actions.media``.
HOLDER = "status"


def post_status(user_id: int, wanted: PostStatus) -> tuple[Status, bool]:
    """Shows a status to its audience, who are told; also whether it is new.

    Raises NotFound (for the medium; where this server has no statuses), Forbidden ``statuses_off``,
    Invalid for an empty or inconsistent one, Conflict ``client_id_reused`` and ``statuses_full``
    (STATUSES_PER_PERSON are shown).
    """
    require_statuses()
    mode, named = _audience(user_id, wanted)
    digest = _digest(wanted)
    with transaction.atomic():
        lock_account(user_id)
        if wanted.client_id is not None:
            known = Status.objects.filter(user_id=user_id, client_id=wanted.client_id).first()
            if known is not None:
                if bytes(known.digest or b"") != digest:
                    raise reused()
                return known, False
        if SwitchedOff.objects.filter(user_id=user_id).exists():
            raise statuses_off()
        live = Status.objects.filter(user_id=user_id, expires_at__gt=now())
        if live.count() >= settings.STATUSES_PER_PERSON:
            raise Conflict("statuses_full", "You show very many already. Delete some first.")
        medium = _medium(user_id, wanted)
        at = now()
        status = Status.objects.create(
            user_id=user_id,
            kind=wanted.kind,
            text=wanted.text,
            medium_id=None if medium is None else medium.pk,
            background=wanted.background or "",
            audience=mode,
            people=named,
            created_at=at,
            expires_at=at + timedelta(seconds=settings.STATUS_LIFETIME),
            client_id=wanted.client_id,
            digest=digest,
        )
        if medium is not None:
            hold([medium.pk], HOLDER, status.pk)
        tell(status)
    return status, True


def tell(status: Status) -> None:
    """Shows a status to all who may see it, on commit."""
    data = {"status": shared(status), "users": people([status.user_id])}
    publish({status.user_id, *_audience_now(status)}, "status:new", data)


def delete_status(user_id: int, status_id: str) -> None:
    """Takes down a status of one's own, with its file; who saw it is told. Raises NotFound."""
    with transaction.atomic():
        remove([get_own_status(user_id, status_id)])


def remove(statuses: Sequence[Status]) -> None:
    """Deletes statuses, whose they are, with their files; their audiences are told."""
    for status in statuses:
        to = {status.user_id, *_audience_now(status)}
        publish(to, "status:deleted", {"status": str(status.pk)})
    _delete(statuses)


def view_status(user_id: int, status_id: str) -> None:
    """Notes that the person has looked at it; the first time its owner is told.

    Not if either of the two keeps read receipts to themselves. Raises NotFound.
    """
    status = get_status(user_id, status_id)
    if status.user_id == user_id:
        return
    with transaction.atomic():
        at = now()
        _, is_first = View.objects.get_or_create(
            status=status, user_id=user_id, defaults={"at": at}
        )
        silent = User.objects.filter(pk__in=[user_id, status.user_id], read_receipts=False)
        if is_first and not silent.exists():
            data = {"status": str(status.pk), "user": str(user_id), "at": rfc3339(at)}
            publish([status.user_id], "status:view", data)


def reply_to_status(
    user_id: int, status_id: str, text: str, client_id: str | None
) -> tuple[Draft, Written]:
    """Writes to the status's owner, in the direct chat. Raises NotFound, Forbidden ``chat_closed``,
    Invalid for one's own and for blank text.
    """
    status = get_status(user_id, status_id)
    if status.user_id == user_id:
        raise Invalid("own_status", "This is your own status.")
    if is_blank(text):
        raise blank()
    chat, _ = open_direct_chat(user_id, str(status.user_id))
    message = SendMessage(client_id=client_id or secrets.token_urlsafe(16), text=text)
    return send_message(user_id, str(chat.chat.pk), message)


def switch(user_id: int, *, enabled: bool) -> None:
    """Whether the person wants statuses; without them what they show is taken down."""
    require_statuses()
    with transaction.atomic():
        lock_account(user_id)
        if enabled:
            SwitchedOff.objects.filter(user_id=user_id).delete()
            return
        SwitchedOff.objects.get_or_create(user_id=user_id)
        remove(list(Status.objects.filter(user_id=user_id)))


def expire_statuses(at: datetime, *, dry_run: bool = False) -> int:
    """Deletes what has run out, with its files; nobody is told. Answers how many there are."""
    over = Status.objects.filter(expires_at__lte=at)
    if dry_run:
        return over.count()
    found = list(over.order_by("pk")[: settings.STATUSES_A_SWEEP])
    with transaction.atomic():
        _delete(found)
    return len(found)


def forget_statuses(user_id: int) -> None:
    """What an erased person leaves behind here: nothing."""
    _delete(list(Status.objects.filter(user_id=user_id)))
    View.objects.filter(user_id=user_id).delete()
    SwitchedOff.objects.filter(user_id=user_id).delete()


def _delete(statuses: Sequence[Status]) -> None:
    ids = [status.pk for status in statuses]
    with transaction.atomic():
        release(HOLDER, ids)
        Status.objects.filter(pk__in=ids).delete()


def _audience_now(status: Status) -> set[int]:
    """Who else may see a status at this moment."""
    owner = User.objects.get(pk=status.user_id)
    if owner.privacy_statuses == Privacy.NOBODY:
        return set()
    connected = connected_ids(status.user_id)
    match status.audience:
        case Status.Audience.ONLY:
            connected &= set(status.people)
        case Status.Audience.EXCEPT:
            connected -= set(status.people)
    return wanting_statuses(connected)


def _audience(user_id: int, wanted: PostStatus) -> tuple[Status.Audience, list[int]]:
    given = wanted.audience
    if given is None or (given.only is None and given.except_ is None):
        return Status.Audience.ALL, []
    if given.only is not None and given.except_ is not None:
        raise Invalid("invalid", "Either only these, or all but these.")
    mode = Status.Audience.ONLY if given.only is not None else Status.Audience.EXCEPT
    named = given.only if given.only is not None else given.except_
    ids = {parse_id(one) for one in named or ()}
    if mode == Status.Audience.ONLY and not ids <= connected_ids(user_id, ids):
        raise NotFound("user_not_found", "There is no such person among your connections.")
    return mode, sorted(ids)


def _medium(user_id: int, wanted: PostStatus) -> Medium | None:
    if wanted.kind == "text":
        if wanted.media is not None:
            raise Invalid("invalid", "A text shows no file.", fields={"media": ["Not here."]})
        if is_blank(wanted.text):
            raise blank()
        return None
    if wanted.media is None:
        text = "Upload it first."
        raise Invalid("invalid", text, fields={"media": [text]})
    (medium,) = own_media(user_id, [wanted.media])
    if medium.blob.kind != wanted.kind:
        raise Invalid("media_kind", f"This file is no {wanted.kind}.")
    if medium.blob.state == "rejected":
        raise Invalid("media_rejected", "This file cannot be shown.")
    return medium


def _digest(wanted: PostStatus) -> bytes:
    return hashlib.blake2b(msgspec.json.encode(wanted), digest_size=16).digest()
