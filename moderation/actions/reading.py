"""Staff read messages: never unseen."""

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from chat.access import parse_chat_id
from chat.models import Chat, Message
from chat.payloads import MessageRow
from chat.queries import message_rows
from core.errors import NotFound
from moderation.access import require
from moderation.audit import Act, record


def read_messages(staff: User, chat_id: str, seq: int, reason: str) -> list[MessageRow]:
    """Up to STAFF_READ_MESSAGES_MAX messages of any chat around ``seq``, ascending.

    That it was read, and why, is in the audit log before anything is answered. What was deleted or
    has expired is gone for staff too. Raises NotFound, Forbidden.
    """
    require(staff, "read_messages")
    chat_pk = parse_chat_id(chat_id)
    with transaction.atomic():
        if not Chat.objects.filter(pk=chat_pk).exists():
            raise NotFound
        record(staff, Act.MESSAGES, f"message:{chat_pk}-{seq}", reason)
        shown = Message.objects.filter(chat_id=chat_pk).exclude(
            expires_at__isnull=False, expires_at__lte=Now()
        )
        before = settings.STAFF_READ_MESSAGES_MAX // 2
        older = message_rows(shown.filter(seq__lt=seq).order_by("-seq")[:before])[::-1]
        rest = settings.STAFF_READ_MESSAGES_MAX - len(older)
        return older + message_rows(shown.filter(seq__gte=seq).order_by("seq")[:rest])


def note_evidence_read(staff: User, report_id: int) -> None:
    """The member of staff is about to be shown the evidence of a report."""
    record(staff, Act.EVIDENCE, f"report:{report_id}", report_id=report_id)
