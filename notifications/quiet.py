"""Quiet hours: a part of the person's own day in which nothing is pushed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from notifications.models import Preferences


def quiet_until(preferences: Preferences, at: datetime) -> datetime | None:
    """When the quiet hours end that ``at`` lies in; None outside of them.

    By the clock on the person's wall: where it is put back, an hour may be quiet twice.
    """
    begin, end = preferences.quiet_from, preferences.quiet_to
    if begin is None or end is None:
        return None
    zone = ZoneInfo(preferences.time_zone)

    def is_quiet(moment: datetime) -> bool:
        time = moment.astimezone(zone).time()
        return begin <= time < end if begin < end else time >= begin or time < end

    if not is_quiet(at):
        return None
    # A time that comes twice ends them each time; one that is skipped, by as much later.
    today = at.astimezone(zone).date()
    ends = [
        datetime.combine(today + timedelta(days=day), end, zone).replace(fold=fold).astimezone(UTC)
        for day in (0, 1)
        for fold in (0, 1)
    ]
    return min(one for one in ends if one > at and not is_quiet(one))
