"""The app."""

from django.apps import AppConfig


class ChatConfig(AppConfig):
    """Chats and their logs."""

    name = "chat"
