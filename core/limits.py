"""Token buckets of one process, for floods. What guards secrets is counted in PostgreSQL."""

import time
from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock

from django.conf import settings

from core.errors import RateLimited

_KEYS_MAX = 50_000


class Bucket:
    """One token bucket: ``burst`` at once, then ``per_second``."""

    __slots__ = ("_at", "_burst", "_per_second", "_tokens")

    def __init__(self, burst: float, per_second: float) -> None:
        self._burst = burst
        self._per_second = per_second
        self._tokens = float(burst)
        self._at = time.monotonic()

    def wait(self) -> float:
        """Takes a token and answers 0, or takes none and answers the seconds until there is one."""
        now = time.monotonic()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._per_second)
        self._at = now
        if self._tokens >= 1:
            self._tokens -= 1
            return 0.0
        return (1 - self._tokens) / self._per_second


class Buckets:
    """A bucket for each key, the longest unused dropped beyond 50,000; safe over threads."""

    def __init__(self, burst: float, per_second: float) -> None:
        self._burst = burst
        self._per_second = per_second
        self._buckets: OrderedDict[Hashable, Bucket] = OrderedDict()
        self._lock = Lock()

    def take(self, key: Hashable) -> None:
        """Takes a token of ``key``'s; raises RateLimited. Always allowed with RATE_LIMITS=off."""
        if not settings.RATE_LIMITS:
            return
        with self._lock:
            bucket = self._buckets.get(key)
            if bucket is None:
                bucket = self._buckets[key] = Bucket(self._burst, self._per_second)
                if len(self._buckets) > _KEYS_MAX:
                    self._buckets.popitem(last=False)
            else:
                self._buckets.move_to_end(key)
            wait = bucket.wait()
        if wait:
            raise RateLimited(wait)
