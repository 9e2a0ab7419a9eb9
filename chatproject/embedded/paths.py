"""Where the embedded servers of a DATA_DIR keep their files and sockets."""

import hashlib
import os
import stat
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from chatproject.embedded.server import ServerError

#: The kernel's limit for a socket's path, without the closing zero byte.
SOCKET_PATH_BYTES = 107 if sys.platform == "linux" else 103
POSTGRES_SOCKET_NAME = ".s.PGSQL.5432"

#: Home of a database that had to leave DATA_DIR (see `postgres.py`).
ELSEWHERE = Path("/var/lib/chatproject")


@dataclass(frozen=True)
class Paths:
    """The places of one DATA_DIR; nothing here exists before the servers are prepared."""

    data_dir: Path
    #: PostgreSQL's data directory and the directory of its socket.
    postgres: Path
    postgres_sockets: Path
    #: Valkey's working directory and its socket.
    valkey: Path
    valkey_socket: Path
    #: Locks: the launcher's, the one around starting and stopping, the one of all users.
    launcher_lock: Path
    start_lock: Path
    users_lock: Path
    #: Where the database lives if not in DATA_DIR, and the file that says so.
    elsewhere: Path | None
    elsewhere_note: Path


def of(data_dir: Path) -> Paths:
    """The paths of a DATA_DIR. Reads at most one small file, writes nothing."""
    data_dir = Path(os.path.realpath(data_dir))
    sockets = _socket_dir(data_dir)
    note = data_dir / "postgres-elsewhere"
    elsewhere = Path(note.read_text().strip()) if note.exists() else None
    return Paths(
        data_dir=data_dir,
        postgres=(elsewhere or data_dir) / "postgres",
        postgres_sockets=elsewhere / "sockets" if elsewhere else sockets,
        valkey=data_dir / "valkey",
        valkey_socket=sockets / "valkey.sock",
        launcher_lock=data_dir / "launcher.lock",
        start_lock=data_dir / "start.lock",
        users_lock=data_dir / "users.lock",
        elsewhere=elsewhere,
        elsewhere_note=note,
    )


def short_name(data_dir: Path) -> str:
    """A short name that belongs to this DATA_DIR alone."""
    return hashlib.sha256(os.fsencode(os.path.realpath(data_dir))).hexdigest()[:16]


def make_data_dir(data_dir: Path) -> None:
    """Make DATA_DIR if missing and see that it can be written. Raises `ServerError`."""
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=data_dir):
            pass
    except OSError as error:
        raise ServerError(f"DATA_DIR {data_dir} cannot be written: {error.strerror}") from None


def make_socket_dir(paths: Paths) -> None:
    """Make the directory of the sockets, closed to others. Raises `ServerError`."""
    directory = paths.valkey_socket.parent
    try:
        directory.mkdir(mode=0o700, exist_ok=True)
        found = directory.lstat()
    except OSError as error:
        raise ServerError(f"no directory for sockets: {directory}: {error.strerror}") from None
    # In the temporary directory somebody else may have taken the name before us.
    owners = {os.geteuid(), paths.data_dir.stat().st_uid}
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in owners or found.st_mode & 0o077:
        raise ServerError(f"no directory for sockets: {directory} is not ours alone")


def _socket_dir(data_dir: Path) -> Path:
    directory = data_dir / "run"
    if len(os.fsencode(directory / POSTGRES_SOCKET_NAME)) <= SOCKET_PATH_BYTES:
        return directory
    # Not tempfile.gettempdir(): a command with another TMPDIR must find the same sockets.
    return Path("/tmp") / f"chatproject-{short_name(data_dir)}"
