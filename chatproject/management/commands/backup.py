"""``manage.py backup FILE``: a copy of the database, while the server runs."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from chatproject.dump import write_dump


class Command(BaseCommand):
    """Writes a copy of the database to a file; `restore` reads it."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """The file to write."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Says how large it became."""
        write_dump(file)
        self.stdout.write(f"{file}: {file.stat().st_size} bytes")
