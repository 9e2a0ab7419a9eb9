"""`manage.py up`: the whole product on this machine (what `make run` calls)."""

import http.client
import io
import socket
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

import psutil
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection

from chatproject import embedded
from chatproject.budget import shortage
from chatproject.launcher import Launcher, LaunchError, Part
from chatproject.management.commands.web import web_command


class Command(BaseCommand):
    """See `help`."""

    help = "Runs database, cache, web processes and worker until Ctrl-C."
    # Production may not start on unsafe settings; elsewhere the checks only cost a second.
    requires_system_checks = "__all__" if settings.PRODUCTION else ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See Django."""
        parser.add_argument("--reload", action="store_true", help="restart web on code changes")

    def handle(self, *args: Any, **options: Any) -> None:
        """See Django. Ends when a signal asks for it; exit status 1 when it cannot start."""
        try:
            embedded.make_data_dir(settings.DATA_DIR)
            launcher = Launcher(
                settings.DATA_DIR,
                _servers(),
                lambda: [_web_parts(reload=options["reload"]), [_worker()]],
            )
            launcher.run(
                lambda: _migrate(lambda line: launcher.console.say("migrate", line)),
                lambda: _announce(lambda line: launcher.console.say("admin", line)),
            )
        except (LaunchError, embedded.ServerError) as error:
            sys.exit(str(error))


def _servers() -> list[Part]:
    parts = []
    if settings.EMBEDDED_POSTGRES:
        parts.append(Part.of_server(embedded.Postgres(settings.DATA_DIR), stop_seconds=3.0))
    if settings.EMBEDDED_VALKEY:
        parts.append(Part.of_server(embedded.Valkey(settings.DATA_DIR), stop_seconds=0.5))
    return parts


def _web_parts(*, reload: bool) -> list[Part]:
    """The web processes. Raises `LaunchError` when the port cannot be had."""
    family, address = _address()
    count = 1 if reload else settings.WEB_PROCESSES
    shared = _listen(family, address)
    listen: Callable[[], socket.socket] = shared.dup
    is_ready = _answers
    if count > 1 and sys.platform == "linux":
        # A socket for each process, which the kernel balances; it dies with its process.
        shared.close()

        def listen() -> socket.socket:
            return _listen(family, address, reuse_port=True)

        def is_ready(pid: int) -> bool:
            return _listens(pid) and _answers(pid)

    command = web_command("--fd", "{fd}", *(["--reload"] if reload else []))
    return [
        Part(
            name=f"web{number}",
            command=lambda: command,
            is_ready=is_ready,
            listen=listen,
            stop_seconds=2.5,
        )
        for number in range(1, count + 1)
    ]


def _worker() -> Part:
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "worker"]
    return Part(name="worker", command=lambda: command, stop_seconds=1.2)


def _address() -> tuple[socket.AddressFamily, Any]:
    if not 0 < settings.PORT < 65536:  # the system would take it modulo 65536
        raise LaunchError(f"PORT {settings.PORT} cannot be used: between 1 and 65535")
    try:
        found = socket.getaddrinfo(
            settings.HOST, settings.PORT, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
    except (OSError, OverflowError) as error:
        raise LaunchError(f"HOST {settings.HOST} cannot be used: {error}") from None
    return found[0][0], found[0][4]


def _listen(
    family: socket.AddressFamily, address: Any, *, reuse_port: bool = False
) -> socket.socket:
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Connections have it from here: uvicorn takes what it is handed for a Unix socket, and sets
    # nothing. Without it every answer after the first waits 40 ms for an acknowledgement.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if reuse_port:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        listening.bind(address)
    except (OSError, OverflowError) as error:
        listening.close()
        reason = getattr(error, "strerror", None) or error
        raise LaunchError(
            f"PORT {settings.PORT} on {settings.HOST} cannot be had: {reason}; choose another PORT"
        ) from None
    return listening


def _listens(pid: int) -> bool:
    """Whether the process accepts connections on our port (its neighbours share the port)."""
    try:
        connections = psutil.Process(pid).net_connections("tcp")
    except psutil.Error:
        return False
    return any(
        found.status == psutil.CONN_LISTEN and found.laddr.port == settings.PORT
        for found in connections
    )


def _answers(pid: int) -> bool:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.HOST, settings.HOST)
    asked = http.client.HTTPConnection(host, settings.PORT, timeout=2)
    try:
        asked.request("GET", "/healthz")
        return asked.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asked.close()


def _migrate(say: Callable[[str], None]) -> None:
    output = io.StringIO()
    try:
        call_command("migrate", interactive=False, stdout=output, stderr=output, no_color=True)
    except (DatabaseError, CommandError) as error:
        raise LaunchError(f"migrate failed: {' '.join(str(error).split())}") from None
    if short := shortage(settings.WEB_PROCESSES):
        raise LaunchError(short)
    if applied := output.getvalue().count("\n  Applying "):
        say(f"applied {applied} migrations")


def _announce(say: Callable[[str], None]) -> None:
    if not get_user_model().objects.filter(is_staff=True).exists():
        say("no admin yet: run ./manage.py create_admin")
    connection.close()
    if hasattr(connection, "close_pool"):
        connection.close_pool()
    host = f"[{settings.HOST}]" if ":" in settings.HOST else settings.HOST
    print(f"ready http://{host}:{settings.PORT}", flush=True)
