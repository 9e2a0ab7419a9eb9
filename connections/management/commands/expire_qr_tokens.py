"""``manage.py expire_qr_tokens``."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from connections.actions.expiry import expire_requests, expire_tokens
from core.clock import now


class Command(BaseCommand):
    """Clears expired QR tokens and closes expired requests now, as the worker does by itself."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """``--dry-run`` only counts."""
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *args: Any, dry_run: bool = False, **options: Any) -> None:
        """Prints what was cleared."""
        at = now()
        tokens, requests = expire_tokens(at, dry_run), expire_requests(at, dry_run)
        self.stdout.write(f"QR tokens: {tokens}, requests: {requests}")
