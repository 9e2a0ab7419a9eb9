"""The HTTP door for those who report."""

from typing import cast

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from core.errors import Invalid
from core.http import ApiView, caller_id, created, ok
from core.openapi import documented
from core.paging import Page, place_of
from moderation import payloads, schemas
from moderation.actions.reports import make_report
from moderation.queries import list_reports
from moderation.targets import target_of


class ReportsView(ApiView):
    """The caller's reports."""

    @documented("What I have reported, the newest first", paged=True, response=Page)
    def get(self, request: Request) -> Response:
        """With the state of each, and the staff's answer."""
        return ok(list_reports(caller_id(request), place_of(request)))

    @documented(
        "Report a person, a message, a group or a status",
        request=schemas.MakeReport,
        response=payloads.ReportPayload,
        status=201,
        errors=(404,),
    )
    def post(self, request: Request) -> Response:
        """201; 200 with the one there is while the caller's last on the same is undecided."""
        reporter = cast(User, request.user)
        wanted = self.body(
            request, schemas.MakeReport, lambda: _hide_strange(reporter, request.data)
        )
        report, is_new = make_report(reporter, wanted)
        answer = payloads.report_payload(report)
        return created(answer) if is_new else ok(answer)


def _hide_strange(reporter: User, data: object) -> None:
    """Raises NotFound where bad input names what the caller does not see."""
    named = schemas.MakeReport(reason="other")
    if isinstance(data, dict):
        for name in ("user", "chat", "status"):
            if isinstance(data.get(name), str):
                setattr(named, name, data[name])
        seq = data.get("seq")
        named.seq = seq if type(seq) is int and 0 <= seq <= 2**53 else None
    try:
        target_of(reporter, named)
    except Invalid:
        pass  # the caller is told of the first thing that is wrong
