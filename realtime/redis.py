"""Clients of Valkey/Redis. It holds hints only: every caller survives a ``RedisError``."""

import asyncio
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

import redis
import redis.asyncio
import redis.asyncio.retry
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

# Short, so that an unreachable server costs a moment and not a request; redis-py's own default
# tries three times more, for several seconds.
_TIMEOUTS: dict[str, Any] = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}

_clients: "WeakKeyDictionary[asyncio.AbstractEventLoop, redis.asyncio.Redis]"
_clients = WeakKeyDictionary()


def client() -> "redis.asyncio.Redis":
    """The client of the running loop."""
    loop = asyncio.get_running_loop()
    if loop not in _clients:
        _clients[loop] = redis.asyncio.Redis.from_url(
            settings.REDIS_URL, **_TIMEOUTS, retry=redis.asyncio.retry.Retry(NoBackoff(), 0)
        )
    return _clients[loop]


@cache
def sync_client() -> "redis.Redis":
    """The client for threads."""
    return redis.Redis.from_url(settings.REDIS_URL, **_TIMEOUTS, retry=Retry(NoBackoff(), 0))
