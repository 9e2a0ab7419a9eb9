"""Token buckets."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from core import limits
from core.errors import RateLimited
from core.limits import Buckets


class Clock:
    """Time that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        """Seconds."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The buckets' clock."""
    clock = Clock()
    monkeypatch.setattr(limits, "time", clock)
    return clock


def taken(buckets: Buckets, key: str, times: int) -> int:
    """How many of so many were allowed."""
    allowed = 0
    for _ in range(times):
        try:
            buckets.take(key)
            allowed += 1
        except RateLimited:
            pass
    return allowed


def test_a_burst_then_a_rate_for_each_key_alone(clock: Clock) -> None:
    buckets = Buckets(5, 2)
    assert taken(buckets, "a", 9) == 5
    assert taken(buckets, "b", 9) == 5
    clock.now += 1
    assert (taken(buckets, "a", 9), taken(buckets, "b", 1)) == (2, 1)
    clock.now += 1000
    assert taken(buckets, "a", 99) == 5


def test_several_tokens_are_taken_together_or_not_at_all(clock: Clock) -> None:
    buckets = Buckets(5, 2)
    buckets.take("a", 4)
    with pytest.raises(RateLimited) as refusal:
        buckets.take("a", 3)
    assert refusal.value.retry_after == 1
    assert taken(buckets, "a", 9) == 1
    # More than there can ever be takes all there can be.
    clock.now += 2.5
    buckets.take("a", 99)
    assert taken(buckets, "a", 1) == 0


def test_a_refusal_says_when_to_come_again(clock: Clock) -> None:
    buckets = Buckets(1, 0.1)
    buckets.take("a")
    with pytest.raises(RateLimited) as refusal:
        buckets.take("a")
    assert refusal.value.retry_after == 10
    clock.now += 10
    buckets.take("a")


def test_rates_are_lifted_for_a_load_test(clock: Clock, settings: Any) -> None:
    settings.RATE_LIMITS = False
    assert taken(Buckets(1, 1), "a", 50) == 50


def test_the_longest_unused_key_is_forgotten(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_KEYS_MAX", 3)
    buckets = Buckets(1, 0.001)
    for key in "abc":
        buckets.take(key)
    assert taken(buckets, "a", 1) == 0  # used, so it stays
    buckets.take("d")
    assert [taken(buckets, key, 1) for key in "adb"] == [0, 0, 1]


def test_threads_share_one_bucket(clock: Clock) -> None:
    buckets = Buckets(100, 1)
    with ThreadPoolExecutor(8) as pool:
        allowed = list(pool.map(lambda _: taken(buckets, "a", 50), range(8)))
    assert sum(allowed) == 100
