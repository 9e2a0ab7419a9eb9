"""What the two embedded servers have in common: how one is started, found again and stopped."""

import os
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import psutil

#: A first start on a slow disk takes a few seconds; recovery after a crash may take longer.
READY_SECONDS = 60.0


class ServerError(Exception):
    """A server cannot be started; the message says which and why, in one line."""


@dataclass(frozen=True)
class Server(ABC):
    """A server process of one DATA_DIR. Methods block; the launcher calls them in a thread."""

    data_dir: Path

    name: ClassVar[str]
    stop_signal: ClassVar[signal.Signals]

    @abstractmethod
    def prepare(self) -> None:
        """Make files and end what a dead owner left. Call it before each start, under the lock."""

    @abstractmethod
    def command(self) -> list[str]:
        """The command line that runs the server in the foreground."""

    @abstractmethod
    def is_ready(self) -> bool:
        """Whether the server answers."""

    def start(self, log: Path) -> subprocess.Popen[bytes]:
        """Start it in a session of its own and wait until it answers. Raises `ServerError`."""
        self.prepare()
        with log.open("wb") as output:
            process = subprocess.Popen(
                self.command(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=server_environment(),
                start_new_session=True,
            )
        try:
            self.wait_until_ready(lambda: process.poll() is None)
        except ServerError:
            last = log.read_text(errors="replace").strip().splitlines()[-3:]
            raise ServerError(f"{self.name} did not start: {' | '.join(last)}") from None
        return process

    def wait_until_ready(self, may_come: Callable[[], bool] = lambda: True) -> None:
        """Wait until it answers. Raises `ServerError` after a minute, or when it cannot come."""
        deadline = time.monotonic() + READY_SECONDS
        while not self.is_ready():
            if not may_come() or time.monotonic() > deadline:
                raise ServerError(f"{self.name} does not answer")
            time.sleep(0.02)

    @abstractmethod
    def stop_left_overs(self) -> None:
        """Stop what runs in this DATA_DIR, whoever started it."""


def server_environment() -> dict[str, str]:
    """Our environment without what would change PostgreSQL's behaviour (PGDATA, PGOPTIONS …)."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def stop(processes: list[psutil.Process], signal_number: int, seconds: float = 3.0) -> None:
    """Ask the processes to stop with `signal_number`; kill those still there after `seconds`."""
    for process in processes:
        _signal(process, signal_number)
    alive = _still_running(processes, seconds)
    for process in alive:
        _signal(process, signal.SIGKILL)
    _still_running(alive, seconds)


def _signal(process: psutil.Process, signal_number: int) -> None:
    try:
        process.send_signal(signal_number)
    except psutil.NoSuchProcess:
        pass


def _still_running(processes: list[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Those of `processes` that run on after `seconds`."""
    deadline = time.monotonic() + seconds
    while alive := [process for process in processes if _runs(process)]:
        if time.monotonic() > deadline:
            break
        time.sleep(0.02)
    return alive


def _runs(process: psutil.Process) -> bool:
    try:
        # A zombie has ended; in a container without a proper init it may stay one for long.
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def processes_in(directory: Path, program: str) -> list[psutil.Process]:
    """Living processes called `program…` that work in `directory`, as our servers always do."""
    found = []
    for process in psutil.process_iter():
        try:
            if (
                process.name().startswith(program)
                and _runs(process)
                and process.cwd() == str(directory)
            ):
                found.append(process)
        except psutil.Error:
            continue  # It ended, or is another user's and so not ours.
    return found
