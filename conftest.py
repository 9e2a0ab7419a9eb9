"""Gives each pytest process its own throwaway PostgreSQL, Valkey and DATA_DIR.

Workers of a parallel run share nothing, so a test may flush Valkey or fill the outbox as it likes.
"""

import os
import shutil
import signal
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import django
import psutil
import pytest
from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.signals import setting_changed
from django.db import connection
from django.test import TransactionTestCase
from django.test.client import ClientHandler
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

from chatproject import embedded

#: Directory of one run; the number is the pid of the pytest that owns it.
PREFIX = "chatproject-test-"

#: Files of tests/ that start servers which others of the same name use too.
SHARING = {
    **dict.fromkeys(("test_story.py", "test_sending.py", "test_fuzz.py"), "server"),
    **dict.fromkeys(("test_socket_protocol.py", "test_media.py", "test_erasure.py"), "server"),
    "test_media_s3.py": "faults",
    **dict.fromkeys(("test_degraded.py", "test_revocation.py"), "faults"),
    **dict.fromkeys(("test_durability.py", "test_restore.py", "test_worker.py"), "faults"),
}

_servers = ExitStack()


def _choose_data_dir() -> Path:
    """This process's DATA_DIR, in a directory that the run's first process makes and removes."""
    run = os.environ.get("CHATPROJECT_TEST_RUN")
    if not run:
        run = tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-")
        os.environ["CHATPROJECT_TEST_RUN"] = run
    return Path(run) / os.environ.get("PYTEST_XDIST_WORKER", "main")


def _remove(run: Path) -> None:
    for data_dir in run.iterdir():
        embedded.Postgres(data_dir).stop_left_overs()
        embedded.Valkey(data_dir).stop_left_overs()
    shutil.rmtree(run, ignore_errors=True)


def _remove_what_killed_runs_left() -> None:
    for run in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        pid = int(run.name.removeprefix(PREFIX).split("-")[0])
        if not psutil.pid_exists(pid) and os.access(run, os.W_OK):
            _remove(run)


def _stop_on_terminate(*_: object) -> None:
    raise KeyboardInterrupt


# Settings read DATA_DIR when they are imported, and the conftests of apps import models: so here.
if settings.configured:
    raise pytest.UsageError("unset DJANGO_SETTINGS_MODULE: this file sets it")
DATA_DIR = _choose_data_dir()
os.environ["DATA_DIR"] = str(DATA_DIR)
for name in ("DATABASE_URL", "REDIS_URL"):
    os.environ.pop(name, None)
os.environ["DJANGO_SETTINGS_MODULE"] = "chatproject.settings"
django.setup()
# Argon2 is slow on purpose; test_passwords.py looks at it.
settings.PASSWORD_HASHERS.insert(0, "django.contrib.auth.hashers.MD5PasswordHasher")
# Workers must come here before Django's settings are read, like we did.
del os.environ["DJANGO_SETTINGS_MODULE"]

from realtime.tests.published import published  # noqa: F401  # every test's pushes are checked


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers, except in the process that only hands out tests to workers."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        signal.signal(signal.SIGTERM, _stop_on_terminate)
        _remove_what_killed_runs_left()
    if not getattr(config.option, "numprocesses", None) or "PYTEST_XDIST_WORKER" in os.environ:
        _servers.enter_context(embedded.ensure_running(DATA_DIR, fast=True))


class ByServer(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Gives a worker whole files, and all files that use the same long-lived server."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::")[0]
        return SHARING.get(file.removeprefix("tests/"), file)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Replaces --dist loadgroup, whose marks do not reach the scheduler under this pytest."""
    return ByServer(config, log)


def pytest_unconfigure() -> None:
    """Stop the servers; the run's first process also stops those of workers that died."""
    _servers.close()
    if "PYTEST_XDIST_WORKER" not in os.environ:
        _remove(DATA_DIR.parent)


#: Tables of what migrations have made, which every test may count on.
KEPT = ["auth_group", "auth_group_permissions", "auth_permission", "django_content_type"]
KEPT += ["django_migrations"]

# Waits for who still writes, like TRUNCATE; without triggers, foreign keys among them.
_EMPTY = """
DO $$
DECLARE one regclass;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR one IN
        SELECT oid FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname NOT IN ({kept})
    LOOP
        EXECUTE format('LOCK TABLE %s IN EXCLUSIVE MODE', one);
        EXECUTE format('DELETE FROM %s', one);
    END LOOP;
END $$
""".format(kept=", ".join(f"'{name}'" for name in KEPT))


def _empty_tables(_: TransactionTestCase) -> None:
    """Clears what a test has committed, jobs too, in a tenth of the time of Django's flush, which
    makes each table's files anew and then content types and permissions.
    """
    with connection.cursor() as cursor:
        cursor.execute(_EMPTY)


TransactionTestCase._fixture_teardown = _empty_tables  # type: ignore[attr-defined]  # not in the stubs


_handler: Any = ClientHandler()


def _share_middleware(client: Any) -> None:
    """Lets all test clients use one middleware chain: making it goes through all static files,
    which takes longer than most requests.
    """
    if _handler._middleware_chain is None:
        BaseHandler.load_middleware(_handler)
    client._middleware_chain = _handler._middleware_chain


def _forget_middleware(**_: object) -> None:
    """Middleware reads some settings only when it is made."""
    _handler._middleware_chain = None


ClientHandler.load_middleware = _share_middleware  # type: ignore[assignment, method-assign]
setting_changed.connect(_forget_middleware)
