"""A real server in a DATA_DIR of its own: `manage.py up`, as a user would start it."""

import itertools
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psutil

from chatproject import embedded
from chatproject.embedded import locks

ROOT = Path(__file__).resolve().parents[1]
MANAGE = ROOT / "manage.py"
#: Far beyond what anything takes, so that a fault ends the test and not the suite.
PATIENCE_SECONDS = 60

_numbers = itertools.count(1)

_WORDS = {
    "web": "uvicorn",
    "worker": "manage.py worker",
    "valkey": "valkey",
    "postgres": "postgres",
}

#: For tests that are about something else than rates.
WITHOUT_RATES = {
    "RATE_LIMITS": "off",
    "OTP_PER_IP_PER_HOUR": "100000",
    "SCANS_PER_ACCOUNT_PER_HOUR": "100000",
    "REGISTER_PER_IP_PER_HOUR": "100000",
    "LOGIN_TRIES_PER_IP_PER_HOUR": "100000",
}


def free_port() -> int:
    """A TCP port that nobody has now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def new_data_dir() -> Path:
    """A directory beside the test process's own, which the run's end cleans up in any case."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    return Path(os.environ["CHATPROJECT_TEST_RUN"]) / f"{worker}-{next(_numbers)}"


def migrated_data_dir() -> Path:
    """The same with the database of a first start in it, which takes half the time of such a start.

    It is made once a run, and copied. Where it had to leave DATA_DIR, each server makes its own.
    """
    template = Path(os.environ["CHATPROJECT_TEST_RUN"]) / "template"
    embedded.make_data_dir(template)
    with locks.hold(template / "template.lock", wait_seconds=PATIENCE_SECONDS):
        if not (template / "migrated").exists():
            Server(template).manage("migrate")
            (template / "migrated").touch()
    copy = new_data_dir()
    if (template / "postgres").exists():
        copy.mkdir(mode=0o700)
        shutil.copytree(template / "postgres", copy / "postgres")
    return copy


class Server:
    """One instance; ``settings`` are environment variables on top of WITHOUT_RATES."""

    def __init__(self, data_dir: Path, **settings: str) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self.settings = settings
        self.log_file = data_dir.with_name(f"{data_dir.name}.log")
        self.process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        """Where HTTP answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def socket_url(self) -> str:
        """Where the socket is."""
        return f"ws://127.0.0.1:{self.port}/ws/"

    def environment(self) -> dict[str, str]:
        """What it and its `manage.py` commands run in."""
        ours = ("XDIST", "DATA_DIR", "DATABASE_URL", "REDIS_URL", "CHATPROJECT_TEST")
        clean = {k: v for k, v in os.environ.items() if not any(word in k for word in ours)}
        own = {"DATA_DIR": str(self.data_dir), "PORT": str(self.port), "HOST": "127.0.0.1"}
        return clean | WITHOUT_RATES | own | self.settings

    def start(self) -> "Server":
        """Starts it and waits for its line."""
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(MANAGE), "up"],
                env=self.environment(),
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        assert said == f"ready {self.url}\n", self.log()[-3000:]
        return self

    def manage(self, *arguments: str, **more: str) -> str:
        """Runs a `manage.py` command on the same DATA_DIR; its standard output."""
        done = subprocess.run(
            [sys.executable, str(MANAGE), *arguments],
            env=self.environment() | more,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def log(self) -> str:
        """All it has said."""
        return self.log_file.read_text(errors="replace")

    def parts(self, name: str) -> list[psutil.Process]:
        """The living processes of a part: web, worker, valkey or postgres."""
        assert self.process is not None
        return [
            child
            for child in psutil.Process(self.process.pid).children()
            if _is_part(child, _WORDS[name])
        ]

    def all_processes(self) -> list[psutil.Process]:
        """The launcher and everything below it, the launcher first."""
        assert self.process is not None
        launcher = psutil.Process(self.process.pid)
        return [launcher, *launcher.children(recursive=True)]

    def stop(self) -> None:
        """Ctrl-C, and leave nothing behind."""
        if self.process is not None:
            if self.process.poll() is None:
                self.process.send_signal(signal.SIGINT)
            self.process.communicate(timeout=PATIENCE_SECONDS)
        embedded.Postgres(self.data_dir).stop_left_overs()
        embedded.Valkey(self.data_dir).stop_left_overs()

    def remove(self) -> None:
        """Stops it and deletes its data."""
        self.stop()
        shutil.rmtree(self.data_dir, ignore_errors=True)


def _is_part(process: psutil.Process, word: str) -> bool:
    try:
        running = process.status() != psutil.STATUS_ZOMBIE
        return running and word in " ".join(process.cmdline())
    except psutil.Error:
        return False
