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

    def wait(self, tokens: int = 1) -> float:
        """Takes tokens (all there can be, if more are wanted) and answers 0, or takes none and
        answers the seconds until they are there.
        """
        wanted = min(tokens, self._burst)
        now = time.monotonic()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._per_second)
        self._at = now
        if self._tokens >= wanted:
            self._tokens -= wanted
            return 0.0
        return (wanted - self._tokens) / self._per_second


class Buckets:
    """A bucket for each key, the longest unused dropped beyond 50,000; safe over threads."""

    def __init__(self, burst: float, per_second: float) -> None:
        self._burst = burst
        self._per_second = per_second
        self._buckets: OrderedDict[Hashable, Bucket] = OrderedDict()
        self._lock = Lock()

    def take(self, key: Hashable, tokens: int = 1) -> None:
        """Takes tokens of ``key``'s; raises RateLimited. Always allowed with RATE_LIMITS=off."""
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
            wait = bucket.wait(tokens)
        if wait:
            raise RateLimited(wait)
