"""PostgreSQL and Valkey that a test starts, kills and brings back as it likes."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chatproject import embedded


class OwnPart:
    """One of the two servers in a directory of its own, kept by nobody but the test."""

    def __init__(self, part: embedded.Server) -> None:
        self._part = part
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it and waits until it answers."""
        directory = self._part.data_dir
        embedded.make_data_dir(directory)
        self._process = self._part.start(directory / f"{self._part.name}.log")

    def kill(self) -> None:
        """SIGKILL, and it stays away until ``start``."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()
        # A postmaster's backends end by themselves, unless they are busy.
        self._part.stop_left_overs()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """SIGSTOP: it takes connections and answers nothing."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self._process.pid, signal.SIGCONT)

    def remove(self) -> None:
        """Stops it and deletes its data."""
        self._part.stop_left_overs()
        if self._process is not None:
            self._process.wait()
        shutil.rmtree(self._part.data_dir, ignore_errors=True)


def own_postgres(directory: Path) -> tuple[OwnPart, str, str]:
    """A PostgreSQL, its DATABASE_URL, and the same for libpq."""
    found = embedded.database_settings(directory)
    libpq = f"host={found['HOST']} user={found['USER']} dbname={found['NAME']}"
    # A path in the place of the host is a directory with a Unix socket.
    url = f"postgres://{found['USER']}@/{found['HOST']}/{found['NAME']}"
    return OwnPart(embedded.Postgres(directory)), url, libpq


def own_valkey(directory: Path) -> tuple[OwnPart, str]:
    """A Valkey and its REDIS_URL."""
    return OwnPart(embedded.Valkey(directory)), embedded.redis_url(directory)
