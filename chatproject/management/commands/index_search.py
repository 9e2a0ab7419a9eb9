"""``manage.py index_search``: brings the search index up to date at once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from chat.search.indexer import index_new, reindex_all


class Command(BaseCommand):
    """Adds the messages that the search index lacks. The worker does the same, with rests."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """``--rebuild`` makes everything anew."""
        parser.add_argument(
            "--rebuild", action="store_true", help="make all entries anew; searches go on meanwhile"
        )

    def handle(self, *args: Any, rebuild: bool = False, **options: Any) -> None:
        """Prints how many."""
        made = reindex_all() if rebuild else 0
        self.stdout.write(f"{made + index_new()} messages indexed")
