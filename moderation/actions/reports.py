"""Making reports, and deciding them."""

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.limits import DAY, take
from accounts.models import User
from core.clock import now
from core.errors import Conflict, NotFound, Unauthenticated
from media.actions.media import hold
from moderation.access import require
from moderation.audit import Act, record
from moderation.models import Report
from moderation.schemas import MakeReport
from moderation.targets import Target, can_remove, files_of, remove, target_of

#: What reports are to ``media.actions.media``: files outlive the message while a report shows them.
HOLDER = "report"

_UNDECIDED = (Report.State.OPEN, Report.State.ASSIGNED)


def make_report(reporter: User, wanted: MakeReport) -> tuple[Report, bool]:
    """Keeps what the reporter sees for staff to look at; also whether the report is new.

    An undecided report of the same thing is answered as it is. Locks the rows of the people whose
    words it keeps, so that nothing of theirs is written down after they have been erased. Raises
    NotFound, Invalid ``own_report``, Unauthenticated, RateLimited beyond
    REPORTS_PER_ACCOUNT_PER_DAY.
    """
    target = target_of(reporter, wanted)
    while True:
        with transaction.atomic():
            if known := _known(reporter, target):
                return known, False
            take(f"reports:{reporter.pk}", settings.REPORTS_PER_ACCOUNT_PER_DAY, DAY)
            ids = {reporter.pk, *target.people}
            locked = User.objects.select_for_update(no_key=True).filter(pk__in=ids)
            people = {user.pk: user for user in locked.order_by("pk")}
            if not people[reporter.pk].is_active:  # suspended or erased in this moment
                raise Unauthenticated("device_revoked", "This device is signed out.")
            target = target_of(reporter, wanted)
            report = Report(
                reporter=reporter,
                kind=target.kind,
                target=target.id,
                user_id=target.user_id,
                chat_id=target.chat_id,
                seq=target.seq,
                reason=wanted.reason,
                comment=wanted.comment,
                evidence=target.evidence,
                people=sorted(target.people),
            )
            try:
                with transaction.atomic():
                    report.save(force_insert=True)
            except IntegrityError:
                continue  # the same one from another device, committed meanwhile
            hold(files_of(report.evidence), HOLDER, report.pk)
            return report, True


def _known(reporter: User, target: Target) -> Report | None:
    rows = Report.objects.filter(reporter=reporter, kind=target.kind, target=target.id)
    return rows.filter(state__in=_UNDECIDED).first()


def assign_report(staff: User, report_id: int) -> Report:
    """The member of staff takes the report, from whoever had it. Raises NotFound, Forbidden,
    Conflict ``report_decided``.
    """
    require(staff, "handle_reports")
    with transaction.atomic():
        report = undecided(report_id)
        report.state, report.assignee = Report.State.ASSIGNED, staff
        report.save(update_fields=["state", "assignee"])
        record(staff, Act.ASSIGN, f"report:{report.pk}", report_id=report.pk)
    return report


def dismiss_report(staff: User, report_id: int, *, reason: str, answer: str = "") -> Report:
    """Nothing is to be done; ``answer`` is what the reporter is told. Raises like ``assign``."""
    require(staff, "handle_reports")
    with transaction.atomic():
        report = decide(staff, report_id, Report.Resolution.NOTHING, answer)
        record(staff, Act.DISMISS, f"report:{report.pk}", reason, report_id=report.pk)
    return report


def resolve_report(staff: User, report_id: int, *, reason: str, answer: str = "") -> Report:
    """It was dealt with otherwise. Raises like ``assign``."""
    require(staff, "handle_reports")
    with transaction.atomic():
        report = decide(staff, report_id, Report.Resolution.OTHERWISE, answer)
        record(staff, Act.RESOLVE, f"report:{report.pk}", reason, report_id=report.pk)
    return report


def delete_reported(staff: User, report_id: int, *, reason: str, answer: str = "") -> Report:
    """Deletes what was reported, for everyone and for good. Raises like ``assign``, Conflict when
    it is gone already, NotFound for what cannot be deleted.
    """
    require(staff, "delete_content")
    with transaction.atomic():
        report = Report.objects.filter(pk=report_id).first()
        if report is None or not can_remove(report.kind):
            raise NotFound
        # First this: chats are locked before people, and reports come last.
        remove(report)
        decide(staff, report_id, Report.Resolution.DELETED, answer)
        record(staff, Act.DELETE, f"{report.kind}:{report.target}", reason, report_id=report_id)
    return report


def decide(staff: User, report_id: int, resolution: Report.Resolution, answer: str = "") -> Report:
    """Closes a report in the caller's transaction: of several at once the first wins.

    Locks its row, which comes after those of calls, chats and people. Raises NotFound, Conflict
    ``report_decided``.
    """
    report = undecided(report_id)
    is_nothing = resolution == Report.Resolution.NOTHING
    report.state = Report.State.DISMISSED if is_nothing else Report.State.RESOLVED
    report.assignee = staff
    report.resolution, report.answer, report.decided_at = resolution, answer, now()
    report.save(update_fields=["state", "assignee", "resolution", "answer", "decided_at"])
    return report


def undecided(report_id: int) -> Report:
    """A report that is still to be decided, its row locked; raises NotFound, Conflict."""
    report = (
        Report.objects.select_for_update(no_key=True, of=("self",)).filter(pk=report_id).first()
    )
    if report is None:
        raise NotFound
    if report.is_decided:
        raise Conflict("report_decided", "This report has been decided.")
    return report
