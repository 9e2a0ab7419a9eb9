"""Django's entry to the app."""

from django.apps import AppConfig


class ConnectionsConfig(AppConfig):
    """Registers visibility, erasure and events."""

    name = "connections"

    def ready(self) -> None:
        """Imports what registers itself."""
        from connections import events  # noqa: F401
