"""What people want to be told of."""

from datetime import time
from zoneinfo import available_timezones

from django.db import transaction
from msgspec import UNSET

from accounts.access import lock_account
from core.clock import now
from core.errors import Invalid
from notifications.models import Preferences
from notifications.schemas import PatchPreferences

_SWITCHES = ("push", "preview", "mail", "reactions", "connections")
_ZONES = available_timezones()


def change_preferences(user_id: int, changes: PatchPreferences) -> Preferences:
    """Changes what is given. Locks the user row.

    Raises Invalid for an unknown time zone, and for quiet hours of which one end is missing or
    which begin when they end.
    """
    with transaction.atomic():
        lock_account(user_id)
        row, _ = Preferences.objects.get_or_create(user_id=user_id)
        had_mail = row.mail
        for name in _SWITCHES:
            if (switch := getattr(changes, name)) is not UNSET:
                setattr(row, name, switch)
        if row.mail and not had_mail:
            row.mailed_upto = now()  # what has waited until now is no news
        for name in ("quiet_from", "quiet_to"):
            if (at := getattr(changes, name)) is not UNSET:
                setattr(row, name, None if at is None else time.fromisoformat(at))
        if (row.quiet_from is None) != (row.quiet_to is None):
            raise _wrong("quiet_to", "Quiet hours have both ends, or none.")
        if row.quiet_from is not None and row.quiet_from == row.quiet_to:
            raise _wrong("quiet_to", "Quiet hours end at another time than they begin.")
        if changes.time_zone is not UNSET:
            if changes.time_zone not in _ZONES:
                raise _wrong("time_zone", "A name of the time zone database: Europe/Berlin.")
            row.time_zone = changes.time_zone
        row.save()
    return row


def _wrong(field: str, message: str) -> Invalid:
    return Invalid("invalid", message, fields={field: [message]})
