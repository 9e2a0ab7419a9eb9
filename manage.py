#!/usr/bin/env python3
"""Django's command line. Works from outside the virtual environment and without running servers."""

import os
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent
INTERPRETER = BASE_DIR / ".venv" / "bin" / "python"

#: Commands that need no server; the launcher brings its own and the tests theirs.
WITHOUT_SERVERS = {
    "check", "collectstatic", "compilemessages", "diffsettings", "findstatic", "help",
    "makemessages", "schema", "spectacular", "startapp", "test", "up", "version", "web",
}  # fmt: skip


def enter_virtual_environment() -> None:
    """Go on in the project's virtual environment if there is one and this is not it."""
    if INTERPRETER.exists() and Path(sys.prefix).resolve() != INTERPRETER.parent.parent.resolve():
        os.execv(INTERPRETER, [str(INTERPRETER), *sys.argv])


def servers_for(arguments: list[str]) -> AbstractContextManager[None]:
    """The embedded servers the command needs, for as long as it runs."""
    command = arguments[1] if len(arguments) > 1 else "help"
    if command in WITHOUT_SERVERS or {"-h", "--help", "--version"} & set(arguments):
        return nullcontext()

    from django.conf import settings

    from chatproject import embedded

    if not (settings.EMBEDDED_POSTGRES or settings.EMBEDDED_VALKEY):
        return nullcontext()
    return embedded.ensure_running(
        settings.DATA_DIR, postgres=settings.EMBEDDED_POSTGRES, valkey=settings.EMBEDDED_VALKEY
    )


def main() -> None:
    """Run the command given on the command line."""
    enter_virtual_environment()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatproject.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    from chatproject.embedded import ServerError

    try:
        with servers_for(sys.argv):
            execute_from_command_line(sys.argv)
    except (ServerError, ImproperlyConfigured) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
