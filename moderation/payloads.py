"""How reports look to those who made them."""

from typing import TypedDict

from core.clock import rfc3339, rfc3339_or_none
from moderation.models import Report


class ReportPayload(TypedDict):
    """A report of the caller's own: what it names, where it stands, and the staff's answer."""

    id: str
    kind: str
    user: str | None
    chat: str | None
    seq: int | None
    status: str | None
    reason: str
    comment: str
    state: str
    answer: str | None
    created_at: str
    decided_at: str | None


def report_payload(report: Report) -> ReportPayload:
    """What was done to others stands only in the answer's words, if staff say so there."""
    return {
        "id": str(report.pk),
        "kind": report.kind,
        "user": None if report.user_id is None else str(report.user_id),
        "chat": None if report.chat_id is None else str(report.chat_id),
        "seq": report.seq,
        "status": report.target if report.kind == Report.Kind.STATUS else None,
        "reason": report.reason,
        "comment": report.comment,
        "state": report.state,
        "answer": report.answer or None,
        "created_at": rfc3339(report.created_at),
        "decided_at": rfc3339_or_none(report.decided_at),
    }
