"""Writing down what staff read and do."""

import structlog

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
