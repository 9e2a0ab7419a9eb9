"""Django's entry to the app."""

from django.apps import AppConfig


class ModerationConfig(AppConfig):
    """Registers what can be reported, and what an erased person leaves."""

    name = "moderation"

    def ready(self) -> None:
        """Imports what registers itself, and registers the rest."""
        from accounts.erasure import on_erase
        from accounts.export import register_section
        from moderation import audit, events, evidence  # noqa: F401
        from moderation.actions.erasure import forget_person, nobody
        from moderation.export import ABOUT, reports

        on_erase(forget_person, nobody)
        register_section(reports, ABOUT)
