"""Who may see which statuses. Asked at every use: connections, settings and clocks move."""

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Audience as Privacy
from connections.queries import connected_ids
from core.clock import now
from core.errors import Forbidden, NotFound
from core.ids import parse_id
from statuses.models import Status, SwitchedOff

Audience = Status.Audience


def require_statuses() -> None:
    """Raises NotFound where this server has none (STATUSES off)."""
    if not settings.STATUSES:
        raise NotFound


def visible_to(user_id: int) -> QuerySet[Status]:
    """What a person may see now: the own ones, and those of connections who show them.

    One who has switched statuses off sees none but the own, and shows none.
    """
    own = Q(user_id=user_id)
    live = Status.objects.filter(expires_at__gt=now())
    if SwitchedOff.objects.filter(user_id=user_id).exists():
        return live.filter(own)
    off = SwitchedOff.objects.filter(user_id=OuterRef("user_id"))
    shown = Q(
        Q(audience=Audience.ALL)
        | Q(audience=Audience.ONLY, people__contains=[user_id])
        | Q(audience=Audience.EXCEPT) & ~Q(people__contains=[user_id]),
        user_id__in=connected_ids(user_id),
        user__is_active=True,
    )
    hidden = Q(user__privacy_statuses=Privacy.NOBODY) | Q(Exists(off))
    return live.filter(own | shown & ~hidden)


def get_status(user_id: int, status_id: str) -> Status:
    """A status that the person may see; raises NotFound ``status_not_found``."""
    require_statuses()
    status = visible_to(user_id).filter(pk=_parse(status_id)).first()
    if status is None:
        raise status_not_found()
    return status


def get_own_status(user_id: int, status_id: str) -> Status:
    """A status of one's own, also one that has just run out; raises NotFound."""
    require_statuses()
    status = Status.objects.filter(pk=_parse(status_id), user_id=user_id).first()
    if status is None:
        raise status_not_found()
    return status


def wanting_statuses(ids: set[int]) -> set[int]:
    """Those of ``ids`` who want statuses."""
    return ids - set(SwitchedOff.objects.filter(user_id__in=ids).values_list("user_id", flat=True))


def status_not_found() -> NotFound:
    """Absent, over, or not the caller's to see."""
    return NotFound("status_not_found", "There is no such status.")


def statuses_off() -> Forbidden:
    """The person has switched them off."""
    return Forbidden("statuses_off", "You have switched statuses off.")


def _parse(text: str) -> int:
    try:
        return parse_id(text)
    except NotFound as error:
        raise status_not_found() from error
