"""``manage.py restore FILE``: the database as a backup has it. Everything later is lost."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from chatproject.dump import read_dump


class Command(BaseCommand):
    """Replaces the database by a backup and begins a new epoch, so that clients start afresh."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and consent."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, file: Path, yes: bool = False, **options: Any) -> None:
        """Asks first: what came after the backup is gone."""
        if not file.is_file():
            raise CommandError(f"{file} is not a file.")
        if not yes and input("Everything after this backup is lost. Type yes: ") != "yes":
            raise CommandError("Nothing was changed.")
        read_dump(file)
        self.stdout.write("Restored; clients will start afresh.")
