"""Quiet hours by the clock on the wall."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from notifications.models import Preferences
from notifications.quiet import quiet_until

BERLIN = ZoneInfo("Europe/Berlin")


def until(quiet: str, at: datetime, zone: str = "Europe/Berlin") -> datetime | None:
    """When quiet hours such as 22:00-07:00 end."""
    begin, end = (time.fromisoformat(part) for part in quiet.split("-"))
    preferences = Preferences(quiet_from=begin, quiet_to=end, time_zone=zone)
    found = quiet_until(preferences, at)
    assert found is None or (found > at and quiet_until(preferences, found) is None)
    return found and found.astimezone(ZoneInfo(zone))


def berlin(*when: int, fold: int = 0) -> datetime:
    """A time on a wall in Berlin."""
    return datetime(*when, tzinfo=BERLIN, fold=fold)  # type: ignore[arg-type,misc]  # five numbers


@pytest.mark.parametrize(
    ("quiet", "hour", "minute", "ends"),
    [
        ("22:00-07:00", 21, 59, None),
        ("22:00-07:00", 22, 0, (11, 7)),
        ("22:00-07:00", 23, 59, (11, 7)),
        ("22:00-07:00", 0, 0, (10, 7)),
        ("22:00-07:00", 6, 59, (10, 7)),
        ("22:00-07:00", 7, 0, None),
        ("13:00-14:00", 12, 59, None),
        ("13:00-14:00", 13, 30, (10, 14)),
        ("13:00-14:00", 14, 0, None),
        ("07:00-00:00", 23, 59, (11, 0)),
    ],
)
def test_over_midnight_and_within_a_day(
    quiet: str, hour: int, minute: int, ends: tuple[int, int] | None
) -> None:
    at = berlin(2026, 6, 10, hour, minute)
    assert until(quiet, at) == (berlin(2026, 6, *ends, 0) if ends else None)


def test_none_are_never_quiet() -> None:
    assert quiet_until(Preferences(), datetime(2026, 1, 1, 3, tzinfo=UTC)) is None


def test_the_zone_decides() -> None:
    at = datetime(2026, 6, 10, 21, 0, tzinfo=UTC)
    assert until("22:00-07:00", at, "UTC") is None
    assert until("22:00-07:00", at, "Asia/Kolkata") == datetime(
        2026, 6, 11, 7, tzinfo=ZoneInfo("Asia/Kolkata")
    )


def test_a_night_in_which_an_hour_is_skipped() -> None:
    # 29 March 2026, 02:00 becomes 03:00: that night is an hour shorter.
    at = berlin(2026, 3, 28, 22, 0)
    ends = until("22:00-07:00", at)
    assert ends == berlin(2026, 3, 29, 7, 0)
    assert ends and (ends.astimezone(UTC) - at.astimezone(UTC)).total_seconds() == 8 * 3600
    # An end that the wall never shows comes when the clock jumps over it, as late as it would be.
    ends = until("22:00-02:30", at)
    assert ends and ends.astimezone(UTC) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_a_night_in_which_an_hour_comes_twice() -> None:
    # 25 October 2026, 03:00 becomes 02:00.
    ends = until("22:00-07:00", berlin(2026, 10, 24, 22, 0))
    assert ends == berlin(2026, 10, 25, 7, 0)
    first = berlin(2026, 10, 25, 2, 15)
    assert until("22:00-02:30", first) == berlin(2026, 10, 25, 2, 30)
    assert until("22:00-02:30", berlin(2026, 10, 25, 2, 45)) is None
    again = until("22:00-02:30", berlin(2026, 10, 25, 2, 15, fold=1))
    assert again and again.astimezone(UTC) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
