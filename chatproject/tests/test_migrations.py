"""Indexes of large tables are made while people write: in their time, and at a second try too."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader

pytestmark = pytest.mark.django_db(transaction=True)

BASE_DIR = Path(__file__).resolve().parents[2]
OURS = {app.label for app in apps.get_app_configs() if Path(app.path).parent == BASE_DIR}
MIGRATIONS = MigrationLoader(None).disk_migrations
# Each worker of the tests has to meet them in the same order.
WHILE_PEOPLE_WRITE = sorted(
    key for key, migration in MIGRATIONS.items() if key[0] in OURS and not migration.atomic
)


def read(sql: str) -> list[Any]:
    """The rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        rows: list[Any] = cursor.fetchall()
        return rows


def indexes() -> dict[str, str]:
    """How each index is made, by its name."""
    return dict(read("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"))


def limits() -> list[str]:
    """The limits that hold now."""
    return [read(f"SHOW {name}_timeout")[0][0] for name in ("statement", "lock")]


def migrate(run: Callable[[Migration], Callable[..., Any]], key: tuple[str, str]) -> None:
    """Runs one migration, forwards or backwards, alone."""
    loader = MigrationLoader(connection)
    before = loader.project_state(key, at_end=False)
    with connection.schema_editor(atomic=False) as editor:
        run(loader.get_migration(*key))(before, editor)


def stopped(execute: Callable[..., Any], sql: Any, *more: Any) -> Any:
    """The end of a try, where its first index would be made."""
    if str(sql).startswith("CREATE"):
        raise InterruptedError
    return execute(sql, *more)


@pytest.mark.parametrize("key", WHILE_PEOPLE_WRITE, ids="/".join)
def test_an_index_takes_its_time_and_the_place_of_what_an_earlier_try_has_left(
    key: tuple[str, str],
) -> None:
    whole, usual = indexes(), limits()
    migrate(lambda migration: migration.unapply, key)
    gone = whole.keys() - indexes().keys()
    assert gone
    with connection.execute_wrapper(stopped), pytest.raises(InterruptedError):
        migrate(lambda migration: migration.apply, key)
    with connection.cursor() as cursor:
        for name in gone:
            cursor.execute(f"CREATE INDEX {name} ON django_content_type (model)")
    held: list[list[str]] = []

    def watch(execute: Callable[..., Any], sql: Any, *more: Any) -> Any:
        if str(sql).startswith("CREATE"):
            held.append(limits())
        return execute(sql, *more)

    with connection.execute_wrapper(watch):
        migrate(lambda migration: migration.apply, key)
    assert held == [["0", "0"]] * len(gone)
    assert indexes() == whole
    assert limits() == usual != ["0", "0"]
