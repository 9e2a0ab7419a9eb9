"""Counting what guards secrets: in PostgreSQL, so that neither a cache flush nor a restart helps.

Exact over a sliding window: a counter holds the times of its last hits, at most ``limit`` of them.
"""

import hashlib
import hmac
import ipaddress
from datetime import timedelta

from django.conf import settings
from django.db import connection

from core.clock import now
from core.errors import RateLimited
from core.keys import derived_key

HOUR = 3600
DAY = 24 * HOUR

# The row's lock is held to the end of the transaction: callers of one key take turns.
_TAKE = """
INSERT INTO accounts_counter AS c (key, hits, expires_at)
VALUES (%s, ARRAY[%s::timestamptz], %s)
ON CONFLICT (key) DO UPDATE SET
    hits = ARRAY(SELECT hit FROM unnest(c.hits) hit WHERE hit > %s ORDER BY hit)
        || EXCLUDED.hits,
    expires_at = EXCLUDED.expires_at
RETURNING cardinality(hits), hits[1]
"""

_GIVE_BACK = """
UPDATE accounts_counter SET hits = trim_array(hits, 1) WHERE key = %s AND cardinality(hits) > 0
"""


def take(key: str, limit: int, seconds: int) -> None:
    """Counts one more of ``key``; raises RateLimited beyond ``limit`` in any ``seconds``.

    Call it inside ``atomic()``: the refusal then rolls the count back, and hammering does not make
    the wait longer. Who takes several keys takes the narrower one first. RATE_LIMITS=off lifts it.
    """
    if not settings.RATE_LIMITS:
        return
    at = now()
    window = timedelta(seconds=seconds)
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [key, at, at + window, at - window])
        count, oldest = cursor.fetchone()
    if count > limit:
        raise RateLimited((oldest + window - at).total_seconds())


def give_back(key: str) -> None:
    """Takes back one count of ``key``: it turned out to be no guess."""
    if settings.RATE_LIMITS:
        with connection.cursor() as cursor:
            cursor.execute(_GIVE_BACK, [key])


def subject(text: str) -> str:
    """A name or identifier as it stands in keys: a keyed hash, for counts outlive an erasure."""
    return hmac.new(derived_key("counters"), text.encode(), hashlib.sha256).hexdigest()[:32]


def network_of(address: str) -> str:
    """What counts as one caller: an IPv4 address, or the /64 that one IPv6 customer has."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return str(ip.ipv4_mapped)
        return str(ipaddress.ip_network((int(ip), 64), strict=False))
    return str(ip)
