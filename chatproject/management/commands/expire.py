"""``manage.py expire``: clears at once what the worker clears on schedule."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts import expiry as accounts
from accounts.suspensions import expire_suspensions
from chat.actions import expiry as chat
from connections.actions import expiry as connections
from core.clock import now
from media.actions import expiry as media
from moderation.actions.expiry import expire_reports
from notifications.actions import expiry as notifications
from statuses.actions import expire_statuses

EXPIRING = (
    ("QR tokens", connections.expire_tokens),
    ("connection requests", connections.expire_requests),
    ("closed requests", connections.forget_requests),
    ("codes", accounts.expire_codes),
    ("counters", accounts.expire_counters),
    ("devices", accounts.expire_devices),
    ("personal log entries", accounts.expire_personal_events),
    ("suspensions", expire_suspensions),
    ("disappeared messages", chat.expire_messages),
    ("refused scheduled messages", chat.expire_scheduled),
    ("receipt times", chat.expire_receipts),
    ("statuses", expire_statuses),
    ("invites and requests to join", chat.forget_invites),
    ("uploads", media.expire_uploads),
    ("files not decoded", media.expire_processing),
    ("files nobody holds", media.expire_orphans),
    ("reports", expire_reports),
    ("notifications", notifications.expire_notifications),
    ("traces of pushes", notifications.expire_attempts),
)


class Command(BaseCommand):
    """Clears expired QR tokens, requests, codes and what else has had its time."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """``--dry-run`` only counts."""
        parser.add_argument("--dry-run", action="store_true", help="count, and clear nothing")

    def handle(self, *args: Any, dry_run: bool = False, **options: Any) -> None:
        """Prints a line a kind."""
        at = now()
        for name, expire in EXPIRING:
            self.stdout.write(f"{name}: {expire(at, dry_run=dry_run)}")
