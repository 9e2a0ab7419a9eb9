"""Django's entry to the app."""

from django.apps import AppConfig


class ExportsConfig(AppConfig):
    """Registers the event, and what an erased person leaves."""

    name = "exports"

    def ready(self) -> None:
        """Imports what registers itself, and registers the rest."""
        from accounts.erasure import on_erase
        from exports import events  # noqa: F401
        from exports.actions import forget_exports

        on_erase(forget_exports, lambda user_id: ())
