"""Django's entry to the app."""

from django.apps import AppConfig


class PresenceConfig(AppConfig):
    """Registers the tracker and the command, and tells connections who is online."""

    name = "presence"

    def ready(self) -> None:
        """Imports what registers itself, and registers the look-up."""
        from accounts.profile import on_privacy_change
        from connections.queries import register_presence_lookup
        from presence import commands, events, tracker  # noqa: F401
        from presence.actions import privacy_changed
        from presence.queries import presence_of

        register_presence_lookup(presence_of)
        on_privacy_change(privacy_changed)
