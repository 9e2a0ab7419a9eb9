"""How many PostgreSQL connections the server may open, held against what PostgreSQL allows."""

from django.conf import settings
from django.db import connection

# The writer's, the marks' and the heads' batches, and the listener.
_OWN_A_WEB_PROCESS = 4
# Its pool, and one connection that listens for jobs.
_OWN_A_WORKER = 1
# For the superuser, backups and commands run by hand.
_LEFT_OVER = 5


def connections_needed(web_processes: int, workers: int = 1) -> int:
    """The most connections that web processes and workers open at the same time."""
    pool: int = settings.DATABASE_POOL_MAX
    web = pool + _OWN_A_WEB_PROCESS
    worker = pool + _OWN_A_WORKER
    return web_processes * web + workers * worker + _LEFT_OVER


def shortage(web_processes: int) -> str | None:
    """What to say when PostgreSQL allows fewer connections than may be opened."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW max_connections")
        (allowed,) = map(int, cursor.fetchone())
    needed = connections_needed(web_processes)
    if needed <= allowed:
        return None
    return (
        f"PostgreSQL allows {allowed} connections and {needed} may be needed: "
        "lower WEB_PROCESSES or DATABASE_POOL_MAX, or raise max_connections"
    )
