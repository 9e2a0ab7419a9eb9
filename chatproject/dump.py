"""Backups of the database with PostgreSQL's own programs."""

import os
import shutil
import subprocess
from pathlib import Path

from django.core.management.base import CommandError
from django.db import connection

from chatproject import embedded

_SERVING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND application_name LIKE 'chatproject %'
"""


def write_dump(path: Path) -> None:
    """Writes a consistent copy of the database to ``path`` (custom format, mode 0600), while the
    server runs. It replaces an older file only when it is complete.
    """
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    # Without the epoch's salt: a database restored from this makes a new one, whatever happens.
    # Without the search index, which the worker makes anew.
    _run(
        "pg_dump", "--format=custom", "--no-owner", "--exclude-table-data=chat_epoch",
        "--exclude-table-data=chat_search*", f"--file={part}",
    )  # fmt: skip
    part.rename(path)


def read_dump(path: Path) -> None:
    """Puts the database back to what it was when ``path`` was written, all or nothing.

    A new epoch begins with it: clients that have seen what came later start afresh instead of
    diverging silently. Refuses while web processes serve this database.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SERVING)
        if cursor.fetchone()[0]:
            raise CommandError("The server is running on this database: stop it first.")
    connection.close()
    _run(
        "pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction",
        f"--dbname={connection.settings_dict['NAME']}", str(path),
    )  # fmt: skip


def _run(program: str, *arguments: str) -> None:
    """Runs a PostgreSQL program on Django's database; raises CommandError with what it said."""
    database = connection.settings_dict
    environment = {
        **os.environ,
        "PGHOST": database["HOST"],
        "PGPORT": str(database["PORT"] or ""),
        "PGUSER": database["USER"],
        "PGPASSWORD": database["PASSWORD"],
        "PGDATABASE": database["NAME"],
    }
    found = embedded.program(program) or shutil.which(program)
    if found is None:
        raise CommandError(f"{program} is not installed.")
    done = subprocess.run([found, *arguments], env=environment, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"status {done.returncode}"]
        raise CommandError(f"{program}: {lines[-1]}")
