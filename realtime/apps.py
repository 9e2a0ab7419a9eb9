"""The app; it has no models."""

from django.apps import AppConfig


class RealtimeConfig(AppConfig):
    """Real-time transport."""

    name = "realtime"
