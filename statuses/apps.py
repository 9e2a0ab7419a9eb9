"""Django's entry to the app."""

from django.apps import AppConfig


class StatusesConfig(AppConfig):
    """Registers commands, events and hooks."""

    name = "statuses"

    def ready(self) -> None:
        """Imports what registers itself."""
        from statuses import commands, events, hooks  # noqa: F401
