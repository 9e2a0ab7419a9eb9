"""Django's entry to the app."""

from django.apps import AppConfig


class ModerationConfig(AppConfig):
    """Registers what can be reported, and what an erased person leaves."""

    name = "moderation"

    def ready(self) -> None:
        """Imports what registers itself."""
        from moderation import evidence  # noqa: F401
