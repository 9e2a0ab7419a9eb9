"""Counting what guards secrets: in PostgreSQL, so that neither a cache flush nor a restart helps.

A limit holds over a sliding window, estimated from the counts of this period and the one before.
"""

import hashlib
import hmac
import ipaddress
from datetime import UTC, datetime

from django.conf import settings
from django.db import connection

from core.clock import now
from core.errors import RateLimited
from core.keys import derived_key

HOUR = 3600
DAY = 24 * HOUR

# The row's lock is held to the end of the transaction: callers of one key take turns.
_TAKE = """
INSERT INTO accounts_counter AS c (key, period, count, previous, expires_at)
VALUES (%s, %s, 1, 0, %s)
ON CONFLICT (key) DO UPDATE SET
    previous = CASE c.period
        WHEN EXCLUDED.period THEN c.previous WHEN EXCLUDED.period - 1 THEN c.count ELSE 0 END,
    count = CASE c.period WHEN EXCLUDED.period THEN c.count + 1 ELSE 1 END,
    period = EXCLUDED.period,
    expires_at = EXCLUDED.expires_at
RETURNING count, previous
"""

_GIVE_BACK = "UPDATE accounts_counter SET count = GREATEST(count - 1, 0) WHERE key = %s"


def take(key: str, limit: int, seconds: int) -> None:
    """Counts one more of ``key``; raises RateLimited beyond ``limit`` in any ``seconds``.

    Call it inside ``atomic()``: the refusal then rolls the count back, and hammering does not make
    the wait longer. Who takes several keys takes the narrower one first. RATE_LIMITS=off lifts it.
    """
    if not settings.RATE_LIMITS:
        return
    period, elapsed = divmod(now().timestamp(), seconds)
    expires_at = datetime.fromtimestamp((period + 2) * seconds, UTC)
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [key, int(period), expires_at])
        count, previous = cursor.fetchone()
    rest = 1 - elapsed / seconds
    if previous * rest + count <= limit:
        return
    if count <= limit:
        # Until enough of the period before has slid out of the window.
        wait = rest - (limit - count) / previous
    else:
        wait = rest + max(0.0, 1 - (limit - 1) / (count - 1))
    raise RateLimited(wait * seconds)


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
