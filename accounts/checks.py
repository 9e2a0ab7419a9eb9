"""What production must not start with."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from accounts import delivery
from accounts.delivery import console
from accounts.delivery.message import Channel

_SECRET_KEY_MIN_CHARS = 32


@register
def production_is_safe(**kwargs: Any) -> list[CheckMessage]:
    """Refuses settings that would open accounts to everyone; development may."""
    if not settings.PRODUCTION:
        return []
    found: list[CheckMessage] = []
    channels: tuple[Channel, ...] = ("email", "sms")
    for channel in channels:
        if delivery.driver_of(channel) is console.send:
            name = f"OTP_{channel.upper()}_DRIVER"
            found.append(Error(f"{name}=console shows codes; use another.", id="accounts.E001"))
    secret = settings.SECRET_KEY
    if len(secret) < _SECRET_KEY_MIN_CHARS or len(set(secret)) < 8:
        found.append(
            Error(f"SECRET_KEY: {_SECRET_KEY_MIN_CHARS} random characters.", id="accounts.E002")
        )
    if not settings.RATE_LIMITS:
        found.append(Error("RATE_LIMITS=off is for load tests only.", id="accounts.E003"))
    return found
