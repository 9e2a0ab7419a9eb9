"""What the server must not start with."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from notifications.vapid import private_key


@register
def pushes_can_be_signed(**kwargs: Any) -> list[CheckMessage]:
    """An error where VAPID_PRIVATE_KEY is no key."""
    try:
        private_key()
    except ValueError:
        hint = "32 bytes in base64url, as tools for Web Push write it."
        return [Error("VAPID_PRIVATE_KEY is no private key.", hint=hint, id="notifications.E001")]
    return []
