"""Messages to be sent later. Each has a job of its own, committed with its row, which sends it when
its time comes; a sweep sends what a lost job has left.

Locks are taken in this order: files that are not decoded yet, the chat, the scheduled message, the
user's row, files.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec
import structlog
from django.conf import settings
from django.db import OperationalError, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from msgspec import UNSET
from procrastinate.contrib.django import app

from accounts.access import lock_account
from accounts.log import tell
from accounts.models import User
from accounts.suspensions import account_suspended, may_enter
from chat.access import Access, get_chat, get_scheduled
from chat.actions.edits import check_text
from chat.actions.extras import check_extra, has_extra
from chat.actions.messages import admit, digest_of, draft_of, write
from chat.attachments import SCHEDULED, holders_of
from chat.events import ScheduledRemoved, ScheduledUpdated
from chat.models import Message, Scheduled
from chat.payloads import attachments_of, scheduled_payload
from chat.rendering import scheduled_payloads
from chat.schemas.messages import ChangeScheduled, SendMessage
from chat.writer import PLAIN, Draft, Extra, Written, reused
from core.clock import now
from core.errors import AppError, Conflict, Invalid, NotFound, Unavailable
from core.schema import moment, parse
from media.actions.media import hold, lock_processing, release

log = structlog.get_logger(__name__)

SEND_JOB = "chat.send_scheduled"

#: How many one sweep sends; the next one follows in a minute.
_OVERDUE_MAX = 1000


class Waiting(NamedTuple):
    """A scheduled message; whether it is one that was not there before."""

    scheduled: Scheduled
    is_new: bool


def schedule_message(
    sender_id: int, chat_id: str, message: SendMessage, send_at: datetime
) -> Waiting | None:
    """Keeps a message for ``send_at``, or finds the one that its ``client_id`` already names.

    None for one that was sent already: sending it again answers that message. The own devices are
    told by ``scheduled:updated``. Locks the user's row. Raises what sending raises, Invalid for a
    time too near or too far, Conflict ``scheduled_full``.
    """
    try:
        admit(sender_id, message)
        # The same digest as that of the draft that is sent at last.
        digest = digest_of(sender_id, chat_id, message)
    except Invalid:
        get_chat(sender_id, chat_id)
        raise
    if _is_sent(sender_id, message.client_id, digest):
        return None
    known = _known(sender_id, message.client_id, digest)
    if known is not None:
        return Waiting(known, is_new=False)
    access = get_chat(sender_id, chat_id)
    access.require_open()
    access.require_post()
    at = _time(send_at)
    extra = _checked_extra(access, message)
    with transaction.atomic():
        # Of two devices that schedule at once the second finds and counts the first's.
        lock_account(sender_id)
        if _is_sent(sender_id, message.client_id, digest):
            return None
        known = _known(sender_id, message.client_id, digest)
        if known is not None:
            return Waiting(known, is_new=False)
        if Scheduled.objects.filter(sender_id=sender_id).count() >= settings.SCHEDULED_PER_ACCOUNT:
            text = f"At most {settings.SCHEDULED_PER_ACCOUNT} messages can be scheduled."
            raise Conflict("scheduled_full", text)
        row = Scheduled.objects.create(
            chat=access.chat,
            sender_id=sender_id,
            client_id=message.client_id,
            digest=digest,
            message=_kept(message, extra),
            send_at=at,
        )
        if extra.attachments:
            hold(extra.attachments, SCHEDULED, row.pk)
        _defer(row)
        _tell_updated(row)
    return Waiting(row, is_new=True)


def change_scheduled(
    user_id: int, chat_id: str, scheduled_id: str, change: ChangeScheduled
) -> Scheduled:
    """Gives a waiting message another text or time; one that was refused waits again with a time.

    The own devices are told, unless nothing changes. Raises NotFound, Invalid.
    """
    with transaction.atomic():
        row = get_scheduled(user_id, chat_id, scheduled_id, lock=True)
        before = scheduled_payload(row, {})
        if change.text is not UNSET:
            check_text(row.message["kind"], change.text)
            row.message["text"] = change.text
        if change.send_at is not UNSET:
            row.send_at, row.refused = _time(change.send_at), ""
        after = scheduled_payload(row, {})
        if after != before:
            row.save(update_fields=["message", "send_at", "refused"])
            _tell_updated(row)
        if after["send_at"] != before["send_at"]:
            _defer(row)
        return row


def cancel_scheduled(user_id: int, chat_id: str, scheduled_id: str) -> None:
    """Takes back a message that waits; the own devices are told. Raises NotFound."""
    with transaction.atomic():
        _remove(get_scheduled(user_id, chat_id, scheduled_id, lock=True))


def send_now(user_id: int, chat_id: str, scheduled_id: str) -> tuple[Draft, Written]:
    """Sends a waiting message before its time, or one that was refused again.

    Raises NotFound and what sending raises; then it waits on.
    """
    with transaction.atomic():
        lock_processing(attachments_of(get_scheduled(user_id, chat_id, scheduled_id)))
        access = get_chat(user_id, chat_id, lock=True)
        row = get_scheduled(user_id, chat_id, scheduled_id, lock=True)
        admit(user_id, parse(SendMessage, row.message))
        return _send(access, row)


def send_due(scheduled_id: int) -> None:
    """Sends a scheduled message if it is due: at most once, whoever else tries.

    A refusal is kept with it and told to the own devices. Raises Unavailable.
    """
    found = Scheduled.objects.filter(pk=scheduled_id).first()
    if found is None:
        return
    with transaction.atomic():
        lock_processing(attachments_of(found))
        try:
            access = get_chat(found.sender_id, str(found.chat_id), lock=True)
        except NotFound:
            access = None
        row = _due().select_for_update().filter(pk=scheduled_id).first()
        if row is None:
            return
        if access is None:  # left since
            _remove(row)
            return
        try:
            _require_active(row.sender_id)
            _send(access, row)
        except Unavailable:
            raise
        except AppError as refusal:
            row.refused = refusal.code
            row.save(update_fields=["refused"])
            _tell_updated(row)


def scheduled_processed(medium_ids: Collection[int]) -> None:
    """Tells the senders of what waits with media that became ready or were rejected. Within a
    transaction; locks the rows, and those of their senders.
    """
    ids = holders_of(medium_ids, SCHEDULED)
    for row in Scheduled.objects.select_for_update().filter(pk__in=ids).order_by("pk"):
        _tell_updated(row)


def send_overdue(*, dry_run: bool = False) -> int:
    """Sends all that is due, oldest first; answers how many were tried, or would be."""
    if dry_run:
        return _due().count()
    ids = list(_due().order_by("send_at", "pk").values_list("pk", flat=True)[:_OVERDUE_MAX])
    for id in ids:
        try:
            send_due(id)
        except (Unavailable, OperationalError) as error:  # the next sweep tries again
            log.warning("scheduled_not_sent", scheduled=id, error=str(error))
    return len(ids)


def _due() -> QuerySet[Scheduled]:
    # By the clock that also starts jobs: a job is never too early for its message.
    return Scheduled.objects.filter(refused="", send_at__lte=Now())


def _require_active(sender_id: int) -> None:
    sender = User.objects.get(pk=sender_id)
    if not may_enter(sender):
        raise account_suspended(sender)


def _send(access: Access, row: Scheduled) -> tuple[Draft, Written]:
    """In one transaction with the removal of its row, under the locks of chat and row."""
    message = parse(SendMessage, row.message)
    draft = draft_of(
        row.sender_id,
        str(row.chat_id),
        message,
        _checked_extra(access, message),
        asked=bytes(row.digest),
    )
    if draft.extra.attachments:
        lock_account(row.sender_id)  # before the files, as `_remove` tells their owner at last
    sent = write(draft, message)
    _remove(row)
    return sent


def _remove(row: Scheduled) -> None:
    data: ScheduledRemoved = {"chat": str(row.chat_id), "id": str(row.pk)}
    holder = row.pk
    row.delete()
    tell(row.sender_id, "scheduled:removed", data)
    if attachments_of(row):
        release(SCHEDULED, [holder])


def _checked_extra(access: Access, message: SendMessage) -> Extra:
    return check_extra(access, message) if has_extra(message) else PLAIN


def _kept(message: SendMessage, extra: Extra) -> dict[str, object]:
    """The message as it is sent at last: without its time, with its content in order."""
    kind = extra.kind or message.kind
    kept = msgspec.structs.replace(message, kind=kind, send_at=None, content=extra.content)
    return dict(msgspec.to_builtins(kept))


def _is_sent(sender_id: int, client_id: str, digest: bytes) -> bool:
    rows = Message.objects.filter(sender_id=sender_id, client_id=client_id)
    return _is_same(rows.values_list("digest", flat=True).first(), digest)


def _known(sender_id: int, client_id: str, digest: bytes) -> Scheduled | None:
    row = Scheduled.objects.filter(sender_id=sender_id, client_id=client_id).first()
    return row if row is not None and _is_same(row.digest, digest) else None


def _is_same(kept: bytes | memoryview | None, digest: bytes) -> bool:
    """Raises Conflict ``client_id_reused`` where there is another."""
    if kept is None:
        return False
    if bytes(kept) != digest:
        raise reused()
    return True


def _time(send_at: datetime) -> datetime:
    at = moment(send_at, "send_at")
    soonest = now() + timedelta(seconds=settings.SCHEDULE_MIN_SECONDS)
    if not soonest <= at <= now() + timedelta(days=settings.SCHEDULE_MAX_DAYS):
        text = (
            f"Between {settings.SCHEDULE_MIN_SECONDS} seconds and {settings.SCHEDULE_MAX_DAYS} days"
            " from now."
        )
        raise Invalid("invalid", text, fields={"send_at": [text]})
    return at


def _defer(row: Scheduled) -> None:
    # By its name: jobs import actions. One whose time was changed leaves a job that finds nothing.
    job = app.configure_task(SEND_JOB, queue="default", schedule_at=row.send_at)
    job.defer(scheduled_id=row.pk)


def _tell_updated(row: Scheduled) -> None:
    # The log keeps no texts: sync tells how it waits now.
    (payload,) = scheduled_payloads([row])
    data: ScheduledUpdated = {"scheduled": payload}
    kept = {"scheduled": {"id": payload["id"], "chat": payload["chat"]}}
    tell(row.sender_id, "scheduled:updated", data, kept=kept)
