"""What statuses tell moderation: the two stand side by side and do not know each other."""

from accounts.models import User
from moderation.models import Report
from moderation.schemas import MakeReport
from moderation.targets import Target, cut_files, own_report, register_target
from statuses.access import get_status, status_not_found
from statuses.actions import remove
from statuses.models import Status
from statuses.queries import shared


def look_at_status(reporter: User, named: MakeReport) -> Target:
    """A status of a connection's, as the reporter sees it."""
    status = get_status(reporter.pk, named.status or "")
    if status.user_id == reporter.pk:
        raise own_report()
    shown = shared(status)
    evidence = {
        "id": shown["id"],
        "user": shown["user"],
        "kind": shown["kind"],
        "text": shown["text"],
        "attachments": cut_files([shown["media"]] if shown["media"] else []),
        "created_at": shown["created_at"],
    }
    return Target(
        Report.Kind.STATUS,
        str(status.pk),
        {"status": evidence},
        frozenset({status.user_id}),
        user_id=status.user_id,
    )


def remove_status(report: Report) -> None:
    """Takes a reported status down; who saw it is told."""
    status = Status.objects.filter(pk=int(report.target)).first()
    if status is None:
        raise status_not_found()
    remove([status])


register_target(Report.Kind.STATUS, look_at_status, remove_status)
