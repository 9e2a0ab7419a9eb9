"""How a migration adds indexes to tables that may be large by now."""

from collections.abc import Sequence

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db.migrations import RunSQL
from django.db.migrations.operations.base import Operation


def while_people_write(*operations: Operation, others: Sequence[str] = ()) -> list[Operation]:
    """The operations, which make indexes concurrently (``others``: those they make by SQL), with
    what they need around them in a migration that is not atomic.

    The limits of a request are too short for an index over millions of rows. And what an earlier
    try was stopped at is in the way of the next: it goes first.
    """
    made = [one.index.name for one in operations if isinstance(one, AddIndexConcurrently)]
    return [
        RunSQL(
            [
                "SET statement_timeout = 0",
                "SET lock_timeout = 0",
                *(f"DROP INDEX CONCURRENTLY IF EXISTS {name}" for name in (*made, *others)),
            ],
            RunSQL.noop,
        ),
        *operations,
        RunSQL(["RESET statement_timeout", "RESET lock_timeout"], RunSQL.noop),
    ]
