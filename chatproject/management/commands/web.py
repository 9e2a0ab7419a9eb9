"""`manage.py web`: one web process, for machines where something else keeps the parts running."""

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """See `help`."""

    help = "Serves HTTP and sockets on HOST and PORT; needs a database that runs."
    # Production may not start on unsafe settings; elsewhere the checks only cost a second.
    requires_system_checks = "__all__" if settings.PRODUCTION else ()

    def handle(self, *args: Any, **options: Any) -> None:
        """See Django. Becomes the server: same process, same signals."""
        os.execv(
            sys.executable,
            web_command("--host", settings.HOST, "--port", str(settings.PORT)),
        )


def web_command(*more: str) -> list[str]:
    """The command line of a web process, with `more` saying what it listens on."""
    return [
        *(sys.executable, "-m", "uvicorn", "chatproject.asgi:application", *more),
        *("--loop", "uvloop", "--lifespan", "on", "--no-access-log", "--no-use-colors"),
        # The settings say which proxies to believe.
        *("--no-proxy-headers", "--no-server-header", "--timeout-graceful-shutdown", "2"),
        *("--ws", "websockets-sansio", "--ws-per-message-deflate", "false"),
        *("--ws-max-size", "262144", "--ws-ping-interval", "15", "--ws-ping-timeout", "15"),
    ]
