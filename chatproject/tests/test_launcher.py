"""`manage.py up` for real: its parts are killed, it is killed, it is stopped, two run at once."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from chatproject import embedded
from chatproject.embedded import paths
from chatproject.management.commands.up import _listen

MANAGE = Path(__file__).resolve().parents[2] / "manage.py"
PARTS = ["web1", "worker", "valkey", "postgres"]
#: Far beyond what anything here takes, so that a fault ends the test and not the suite.
PATIENCE_SECONDS = 60

# One worker runs them all, since most share one instance.
pytestmark = pytest.mark.xdist_group("launcher")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(data_dir: Path, port: int, **more: str) -> dict[str, str]:
    mine = {name: value for name, value in os.environ.items() if "XDIST" not in name}
    return mine | {"DATA_DIR": str(data_dir), "PORT": str(port), "HOST": "127.0.0.1"} | more


def eventually(check: Callable[[], bool]) -> None:
    """Wait until `check` holds."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not check():
        assert time.monotonic() < deadline, "did not come true"
        threading.Event().wait(0.05)


def failure(data_dir: Path, port: int, **more: str) -> str:
    """What `up` says when it cannot start: exactly one line."""
    done = subprocess.run(
        [sys.executable, str(MANAGE), "up"],
        env=environment(data_dir, port, **more),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
    )
    assert (done.returncode, done.stdout) == (1, "")
    # The parts' own lines carry their names.
    (line,) = [line for line in done.stderr.splitlines() if " | " not in line[:12]]
    return line


class Instance:
    """A running `manage.py up` with its own DATA_DIR and port."""

    def __init__(self, data_dir: Path, **more: str) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self.more = more

    def launch(self) -> None:
        """Start it without waiting."""
        log = (self.data_dir.parent / "up.log").open("ab")
        with log:
            self.process = subprocess.Popen(
                [sys.executable, str(MANAGE), "up"],
                env=environment(self.data_dir, self.port, **self.more),
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    def start(self) -> "Instance":
        """Start it and wait for its line."""
        self.launch()
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == f"ready http://127.0.0.1:{self.port}\n", (
            self.data_dir.parent / "up.log"
        ).read_text()
        return self

    def part(self, name: str) -> psutil.Process:
        """The process of a part."""
        known = {"web": "uvicorn", "worker": "worker", "valkey": "valkey", "postgres": "postgres"}
        word = known[name.rstrip("123456789")]
        for child in psutil.Process(self.process.pid).children():
            if word in " ".join(child.cmdline()) and child.status() != psutil.STATUS_ZOMBIE:
                return child
        raise psutil.NoSuchProcess(0)

    def is_healthy(self) -> bool:
        """Whether every part answers, the worker's heartbeat aside."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as got:
                return b'"cache": "ok"' in got.read()
        except (urllib.error.URLError, OSError):
            return False

    def processes(self) -> list[psutil.Process]:
        """The launcher and all below it."""
        launcher = psutil.Process(self.process.pid)
        return [launcher, *launcher.children(recursive=True)]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> float:
        """Stop it by a signal; the seconds it took. Nothing may be left."""
        all_of_it = self.processes()
        asked = time.monotonic()
        self.process.send_signal(number)
        rest, _ = self.process.communicate(timeout=PATIENCE_SECONDS)
        took = time.monotonic() - asked
        assert (self.process.returncode, rest) == (0, "")
        assert _alive(all_of_it) == []
        return took

    def end(self) -> None:
        """Leave nothing behind, whatever a test did."""
        if self.process.poll() is None:
            self.process.terminate()
        self.process.communicate(timeout=PATIENCE_SECONDS)
        embedded.Postgres(self.data_dir).stop_left_overs()
        embedded.Valkey(self.data_dir).stop_left_overs()


def _alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those that run; nobody may be there to bury the dead children of a killed launcher."""
    running = [process for process in processes if process.is_running()]
    return [process for process in running if process.status() != psutil.STATUS_ZOMBIE]


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    started = Instance(tmp_path_factory.mktemp("instance") / "data").start()
    yield started
    started.end()


@pytest.mark.parametrize("name", PARTS)
def test_a_killed_part_comes_back(instance: Instance, name: str) -> None:
    killed = instance.part(name)
    killed.kill()

    def is_back() -> bool:
        try:
            return instance.part(name).pid != killed.pid and instance.is_healthy()
        except psutil.NoSuchProcess:
            return False

    eventually(is_back)


def test_other_commands_use_the_running_servers_and_leave_them(instance: Instance) -> None:
    postgres = instance.part("postgres")
    done = subprocess.run(
        [str(MANAGE), "migrate", "--check"],
        env=environment(instance.data_dir, instance.port),
        capture_output=True,
        timeout=PATIENCE_SECONDS,
    )
    assert done.returncode == 0, done.stderr
    assert instance.part("postgres") == postgres


def test_a_second_launcher_on_the_same_data_dir_is_refused(instance: Instance) -> None:
    assert failure(instance.data_dir, free_port()).endswith("is in use by another instance")


def test_a_taken_port_is_named(instance: Instance, tmp_path: Path) -> None:
    said = failure(tmp_path / "data", instance.port)
    assert f"PORT {instance.port} on 127.0.0.1 cannot be had: Address already in use" in said
    assert not (tmp_path / "data" / "postgres").exists(), "it finds out before it makes anything"


def test_a_killed_launcher_leaves_nothing_that_hinders_the_next_one(instance: Instance) -> None:
    before = instance.processes()
    instance.process.kill()
    instance.process.communicate()
    instance.start()
    assert _alive(before) == []
    assert instance.is_healthy()


def test_sigterm_stops_everything_in_time(instance: Instance) -> None:
    # The last test that uses the shared instance.
    assert instance.stop() < 5


@pytest.fixture
def long_data_dir(tmp_path: Path) -> Path:
    return tmp_path / ("long" * 30) / "data"


def test_two_instances_run_side_by_side(tmp_path: Path, long_data_dir: Path) -> None:
    # One of them in a DATA_DIR too long for sockets, with several web processes.
    long_data_dir.parent.mkdir()
    one, other = Instance(tmp_path / "data"), Instance(long_data_dir, WEB_PROCESSES="2")
    one.launch()
    try:
        other.start()
        assert one.process.stdout is not None
        assert one.process.stdout.readline() == f"ready http://127.0.0.1:{one.port}\n"
        assert one.is_healthy() and other.is_healthy()
        web = [child for child in other.processes() if "uvicorn" in " ".join(child.cmdline())]
        assert len(web) == 2
        assert one.stop(signal.SIGINT) < 5
        assert other.is_healthy()
        assert other.stop(signal.SIGHUP) < 5
    finally:
        one.end()
        other.end()
        sockets = paths.of(long_data_dir).valkey_socket.parent
        assert sockets.parent == Path("/tmp")
        sockets.rmdir()


def test_it_can_be_stopped_while_it_starts(tmp_path: Path) -> None:
    starting = Instance(tmp_path / "data")
    starting.launch()
    try:
        eventually((tmp_path / "data" / "postgres" / "postmaster.pid").exists)
        assert starting.stop() < 5
        assert not embedded.Postgres(tmp_path / "data").is_ready()
    finally:
        starting.end()


def test_a_data_dir_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = failure(tmp_path / "file" / "data", free_port())
    assert said == f"DATA_DIR {tmp_path}/file/data cannot be written: Not a directory"


def test_a_part_that_does_not_start_is_named_with_its_last_words(tmp_path: Path) -> None:
    cluster = tmp_path / "data" / "postgres"
    cluster.mkdir(parents=True, mode=0o700)
    said = failure(tmp_path / "data", free_port())
    assert said.startswith("postgres did not start: ")
    assert said.endswith('postgresql.conf": No such file or directory')


def test_answers_do_not_wait_for_the_clients_acknowledgements() -> None:
    with _listen(socket.AF_INET, ("127.0.0.1", 0)) as listening:
        listening.listen()
        with socket.create_connection(listening.getsockname()), listening.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
