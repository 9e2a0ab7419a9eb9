"""Reads of reports."""

from accounts.payloads import people
from core.paging import Page, Place, page
from moderation.models import Report
from moderation.payloads import report_payload


def list_reports(user_id: int, place: Place) -> Page:
    """A page of the reports that a person has made, the newest first. Two queries."""
    after = place.ints(1)
    rows = Report.objects.filter(reporter_id=user_id).order_by("-pk").defer("evidence", "people")
    if after is not None:
        rows = rows.filter(pk__lt=after[0])
    reports = list(rows[: place.limit + 1])
    return page(
        reports,
        place,
        key=lambda report: [report.pk],
        payload=report_payload,
        users=people(report.user_id for report in reports if report.user_id is not None),
    )
