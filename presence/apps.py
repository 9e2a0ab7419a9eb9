"""Django's entry to the app."""

from django.apps import AppConfig


class PresenceConfig(AppConfig):
    """Registers the tracker, the command and the look-up."""

    name = "presence"
