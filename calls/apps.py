"""Django's entry to the app."""

from django.apps import AppConfig


class CallsConfig(AppConfig):
    """Registers commands, events, and what web processes do for calls."""

    name = "calls"

    def ready(self) -> None:
        """Imports what registers itself."""
        from calls import checks, commands, events, tidying  # noqa: F401
