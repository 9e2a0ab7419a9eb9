"""``manage.py expire``: clears at once what the worker clears on schedule."""

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts import expiry as accounts
from accounts.erasure import finish_erasures
from accounts.suspensions import expire_suspensions
from chat.actions import expiry as chat
from chat.actions.scheduled import send_overdue
from chatproject.queue import expire_jobs
from connections.actions import expiry as connections
from core.clock import now
from exports.actions import expire_exports
from media.actions import expiry as media
from moderation.actions.expiry import expire_reports
from notifications.actions import expiry as notifications
from statuses.actions import expire_statuses


def _send_overdue(at: datetime, dry_run: bool) -> int:
    return send_overdue(dry_run=dry_run)


#: What to say, and ``fn(now, dry_run) -> how many``.
EXPIRING = (
    ("QR tokens", connections.expire_tokens),
    ("connection requests", connections.expire_requests),
    ("closed requests", connections.forget_requests),
    ("codes", accounts.expire_codes),
    ("counters", accounts.expire_counters),
    ("devices", accounts.expire_devices),
    ("personal log entries", accounts.expire_personal_events),
    ("unfinished erasures", finish_erasures),
    ("suspensions", expire_suspensions),
    ("disappeared messages", chat.expire_messages),
    ("overdue scheduled messages", _send_overdue),
    ("refused scheduled messages", chat.expire_scheduled),
    ("receipt times", chat.expire_receipts),
    ("statuses", expire_statuses),
    ("invites and requests to join", chat.forget_invites),
    ("uploads", media.expire_uploads),
    ("files not decoded", media.expire_processing),
    ("files nobody holds", media.expire_orphans),
    ("reports", expire_reports),
    ("exports", expire_exports),
    ("sessions of the admin", accounts.expire_sessions),
    ("failed jobs", expire_jobs),
    ("notifications", notifications.expire_notifications),
    ("traces of pushes", notifications.expire_attempts),
)


class Command(BaseCommand):
    """Clears expired QR tokens, requests, codes and what else has had its time."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """``--dry-run`` only counts; ``--only`` names kinds as they are printed, with hyphens."""
        parser.add_argument("--dry-run", action="store_true", help="count, and clear nothing")
        kinds = [_slug(name) for name, _ in EXPIRING]
        parser.add_argument(
            "--only", nargs="+", choices=kinds, metavar="KIND", help=", ".join(kinds)
        )

    def handle(
        self, *args: Any, dry_run: bool = False, only: list[str] | None = None, **options: Any
    ) -> None:
        """Prints a line a kind."""
        at = now()
        for name, expire in EXPIRING:
            if only is None or _slug(name) in only:
                self.stdout.write(f"{name}: {expire(at, dry_run=dry_run)}")


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-")
