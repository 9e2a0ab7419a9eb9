"""What would make calls fail in silence."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, register


@register
def check_turn(**_: Any) -> list[Error]:
    """TURN servers without the secret that they share with this one refuse everybody."""
    if settings.TURN_URLS and not settings.TURN_SECRET:
        hint = "Set it to coturn's static-auth-secret."
        return [Error("TURN_URLS needs TURN_SECRET.", hint=hint, id="calls.E001")]
    return []
