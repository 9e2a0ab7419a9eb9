"""What staff do to people: warn, suspend, ban, lift. With a report they decide it too."""

from datetime import datetime

from django.db import transaction

from accounts import suspensions
from accounts.log import tell
from accounts.models import User
from core.clock import now
from core.errors import Forbidden, Invalid, NotFound
from moderation.access import require
from moderation.actions.reports import decide
from moderation.audit import Act, record
from moderation.models import Report

Resolution = Report.Resolution


def warn_person(
    staff: User, user_id: int, text: str, *, report_id: int | None = None, answer: str = ""
) -> None:
    """Tells the person, on all their devices, what not to do again.

    With ``report_id`` that report is resolved by it, and the reporter told ``answer``. Raises
    NotFound, Forbidden, Conflict ``report_decided``.
    """
    require(staff, "warn_people")
    with transaction.atomic():
        _check_may_sanction(staff, user_id)
        # People before reports, whose rows are locked last.
        tell(user_id, "moderation:warning", {"text": text})
        _settle(staff, report_id, Resolution.WARNED, answer)
        record(staff, Act.WARN, f"user:{user_id}", text, report_id=report_id)


def suspend_person(
    staff: User,
    user_id: int,
    until: datetime | None,
    reason: str,
    *,
    report_id: int | None = None,
    answer: str = "",
) -> None:
    """Suspends the account until then, or bans it (None); see ``accounts.suspensions``.

    ``reason`` is told to the person when they sign in. Reports and refusals as of a warning;
    Invalid for a time that has passed.
    """
    require(staff, "suspend_people")
    if until is not None and until <= now():
        raise Invalid("invalid", "A suspension ends in the future.")
    with transaction.atomic():
        _check_may_sanction(staff, user_id)
        suspensions.suspend(user_id, until=until, reason=reason)
        is_ban = until is None
        _settle(staff, report_id, Resolution.BANNED if is_ban else Resolution.SUSPENDED, answer)
        noted = reason if until is None else f"until {until:%Y-%m-%d %H:%M} UTC: {reason}"
        record(
            staff,
            Act.BAN if is_ban else Act.SUSPEND,
            f"user:{user_id}",
            noted,
            report_id=report_id,
        )


def lift_suspension(staff: User, user_id: int, reason: str) -> None:
    """Lets a suspended or banned person in again; harmless for others. Raises like a warning."""
    require(staff, "suspend_people")
    with transaction.atomic():
        _check_may_sanction(staff, user_id)
        suspensions.lift(user_id)
        record(staff, Act.LIFT, f"user:{user_id}", reason)


def _check_may_sanction(staff: User, user_id: int) -> None:
    """Raises NotFound for nobody, Forbidden for oneself and for staff that is not below."""
    person = User.objects.filter(pk=user_id, deleted_at=None).first()
    if person is None:
        raise NotFound
    if person.pk == staff.pk:
        raise Forbidden("forbidden", "Not to yourself.")
    if person.is_superuser and not staff.is_superuser:
        raise Forbidden("forbidden", "Only superusers may do this to superusers.")
    if person.is_staff:
        require(staff, "sanction_staff")


def _settle(staff: User, report_id: int | None, resolution: Resolution, answer: str) -> None:
    if report_id is not None:
        decide(staff, report_id, resolution, answer)
