"""Writing down what staff read and do."""

from typing import Any

import structlog
from django.contrib.admin.models import LogEntry
from django.db.models.signals import post_save
from django.dispatch import receiver

from accounts.models import User
from moderation.models import AuditEntry

Act = AuditEntry.Act


def record(
    staff: User, act: AuditEntry.Act, target: str, reason: str = "", *, report_id: int | None = None
) -> None:
    """Appends an entry, in the transaction of what was done, with the request's id."""
    bound = structlog.contextvars.get_contextvars()
    AuditEntry.objects.create(
        actor=staff,
        act=act,
        target=target,
        report_id=report_id,
        reason=reason,
        request_id=str(bound.get("request_id", "")),
    )


@receiver(post_save, sender=LogEntry)
def record_change_in_admin(instance: LogEntry, raw: bool = False, **_: Any) -> None:
    """Whatever staff add, change or delete on the admin's other pages; Django says so here."""
    if not raw:
        kind = "thing" if instance.content_type is None else instance.content_type.model
        target = f"{kind}:{instance.object_id}"[:80]
        what = instance.get_action_flag_display()
        reason = f"{what}. {instance.get_change_message()}".strip()
        record(instance.user, Act.ADMIN, target, reason)
