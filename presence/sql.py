"""SQL of its own."""

from collections.abc import Mapping
from datetime import datetime

from django.db import connection, transaction

# Locked in ascending order, like the personal log does, so that the two never deadlock.
_LOCK = "SELECT id FROM accounts_user WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"

_WRITE_LAST_SEEN = """
UPDATE accounts_user u SET last_seen_at = seen.at
FROM unnest(%s::bigint[], %s::timestamptz[]) AS seen(user_id, at)
WHERE u.id = seen.user_id AND (u.last_seen_at IS NULL OR u.last_seen_at < seen.at)
"""


def write_last_seen(times: Mapping[int, datetime]) -> None:
    """Raises the last-seen times of some people; an earlier time than the known one is ignored."""
    ids = sorted(times)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK, [ids])
        cursor.execute(_WRITE_LAST_SEEN, [ids, [times[user_id] for user_id in ids]])
