"""PostgreSQL and Valkey that come with the project and live in DATA_DIR, on Unix sockets.

They serve a machine that has neither; with DATABASE_URL or REDIS_URL set they stay unused. The
launcher keeps them for as long as it runs. Without it any command that needs them starts them for
its own duration (`ensure_running`); commands that overlap share them, and the last one stops them.
"""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from chatproject.embedded import locks, paths
from chatproject.embedded.postgres import DATABASE, USER, Postgres, program
from chatproject.embedded.server import READY_SECONDS, Server, ServerError
from chatproject.embedded.valkey import Valkey

__all__ = [
    "Postgres",
    "Server",
    "ServerError",
    "Valkey",
    "database_settings",
    "ensure_running",
    "make_data_dir",
    "program",
    "redis_url",
    "running",
]

make_data_dir = paths.make_data_dir


def database_settings(data_dir: Path) -> dict[str, Any]:  # values as Django's settings have them
    """The entry of DATABASES for the PostgreSQL of this DATA_DIR, running or not."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": DATABASE,
        "USER": USER,
        "PASSWORD": "",
        "HOST": str(paths.of(data_dir).postgres_sockets),
        "PORT": "",
    }


def redis_url(data_dir: Path) -> str:
    """The address of the Valkey of this DATA_DIR, running or not."""
    return f"unix://{quote(str(paths.of(data_dir).valkey_socket))}?db=0"


def running(data_dir: Path) -> bool:
    """Whether both servers of this DATA_DIR answer."""
    return Postgres(data_dir).is_ready() and Valkey(data_dir).is_ready()


@contextmanager
def ensure_running(
    data_dir: Path, *, postgres: bool = True, valkey: bool = True, fast: bool = False
) -> Iterator[None]:
    """See that the wanted servers run inside the block, starting them if nobody has.

    Raises `ServerError`. Servers we started, or found without an owner, stop with the last block
    that uses them; a living launcher's are left alone.
    """
    make_data_dir(data_dir)
    where = paths.of(data_dir)
    servers: list[Server] = []
    if postgres:
        servers.append(Postgres(data_dir, fast=fast))
    if valkey:
        servers.append(Valkey(data_dir))
    started: list[subprocess.Popen[bytes]] = []
    with ExitStack() as in_use:
        with _starting(where):
            for server in servers:
                if locks.is_held(where.launcher_lock):
                    server.wait_until_ready()
                elif not server.is_ready():
                    started.append(server.start(data_dir / f"{server.name}.log"))
            in_use.enter_context(locks.hold(where.users_lock, shared=True))
        try:
            yield
        finally:
            # Before the lock below: the launcher may hold that one while it waits for users to end.
            in_use.close()
            _stop_unused(where, servers)
            for process in started:
                process.poll()


@contextmanager
def _starting(where: paths.Paths) -> Iterator[None]:
    try:
        with locks.hold(where.start_lock, wait_seconds=READY_SECONDS):
            yield
    except locks.Locked:
        raise ServerError(
            f"the servers of {where.data_dir} are busy starting or stopping"
        ) from None


def _stop_unused(where: paths.Paths, servers: list[Server]) -> None:
    try:
        with _starting(where), locks.hold(where.users_lock):
            if not locks.is_held(where.launcher_lock):
                for server in reversed(servers):
                    server.stop_left_overs()
    except (locks.Locked, ServerError):
        pass  # Somebody else uses them, and stops them.
