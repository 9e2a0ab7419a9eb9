"""The assembly: imports every app's commands and hooks them together."""

from importlib import import_module

from django.apps import AppConfig


class ChatprojectConfig(AppConfig):
    """Last in INSTALLED_APPS: by now every app below is loaded."""

    name = "chatproject"

    def ready(self) -> None:
        """Registers the socket commands, the system checks and what accounts tell realtime."""
        for module in ("accounts.events", "connections.events", "presence.tracker"):
            import_module(module)
        for module in ("presence.commands", "chat.commands", "chat.hooks", "chatproject.checks"):
            import_module(module)
        for module in ("chatproject.identity", "chatproject.openapi", "chatproject.reportable"):
            import_module(module)
