"""Counts in a sliding window."""

from datetime import timedelta

import pytest
from django.db import transaction
from time_machine import TimeMachineFixture

from accounts.limits import HOUR, give_back, network_of, take
from core.errors import RateLimited

pytestmark = pytest.mark.django_db


def taken(key: str, limit: int) -> bool:
    try:
        with transaction.atomic():
            take(key, limit, HOUR)
    except RateLimited:
        return False
    return True


def test_no_window_of_an_hour_lets_more_through(clock: TimeMachineFixture) -> None:
    clock.move_to("2026-06-01T12:30:00Z", tick=False)
    let_through: list[int] = []
    for minute in range(300):
        let_through += [minute] * sum(taken("one", 10) for _ in range(3))
        clock.shift(timedelta(minutes=1))
    for begin in range(240):
        assert sum(begin <= minute < begin + 60 for minute in let_through) <= 10
    assert len(let_through) == 50


def test_retry_after_is_when_it_works_again(clock: TimeMachineFixture) -> None:
    for begin in ("2026-06-01T12:00:00Z", "2026-06-01T12:40:00Z", "2026-06-01T12:59:59Z"):
        clock.move_to(begin, tick=False)
        while taken(begin, 7):
            pass
        for _ in range(20):
            with pytest.raises(RateLimited) as refused, transaction.atomic():
                take(begin, 7, HOUR)
            assert refused.value.retry_after
            clock.shift(timedelta(seconds=refused.value.retry_after))
            assert taken(begin, 7)
            while taken(begin, 7):
                pass


def test_given_back_counts_are_free() -> None:
    for _ in range(5):
        assert taken("one", 1)
        give_back("one")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("unknown", "unknown"),
        ("<script>", "unknown"),
    ],
)
def test_networks(address: str, network: str) -> None:
    assert network_of(address) == network
