"""What of moderation people take along."""

from collections.abc import Iterator

from accounts.export import Lines
from moderation.models import Report
from moderation.payloads import report_payload

ABOUT = "reports.jsonl: what you have reported, and what you were answered"

_ROWS = 500


def reports(user_id: int) -> Iterator[Lines]:
    """The person's own reports, without the evidence: that is of others. Who reported them, and
    what staff noted of it, is the staff's.
    """
    rows = Report.objects.filter(reporter_id=user_id).defer("evidence", "people").order_by("pk")
    yield Lines("reports.jsonl", map(report_payload, rows.iterator(chunk_size=_ROWS)))
