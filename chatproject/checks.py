"""What production may not start with; accounts has checks of its own for codes and secrets."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register
def production_is_reachable_safely(**kwargs: Any) -> list[CheckMessage]:
    """Errors for hosts and addresses that are good enough for development only."""
    if not settings.PRODUCTION:
        return []
    found: list[CheckMessage] = []
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        found.append(Error("ALLOWED_HOSTS must name the hosts.", id="chatproject.E001"))
    if not settings.PUBLIC_URL.startswith("https://"):
        message = "PUBLIC_URL must be the https address that people use."
        found.append(Error(message, id="chatproject.E002"))
    return found
