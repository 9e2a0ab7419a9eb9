"""What people do in the tests of moderation."""

from typing import Any

from accounts.models import User
from connections.tests.acts import as_
from moderation.models import Report

REPORTS = "/api/v1/reports/"


def report(reporter: User, **named: Any) -> Any:
    """The answer to a report over HTTP."""
    return as_(reporter).post(REPORTS, {"reason": "abuse", **named}, format="json")


def reported(reporter: User, **named: Any) -> Report:
    """The report that it made."""
    answer = report(reporter, **named)
    assert answer.status_code in {200, 201}, answer.content
    return Report.objects.get(pk=answer.json()["id"])
