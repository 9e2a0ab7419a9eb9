"""Django's entry to the app."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Listens to the apps below."""

    name = "notifications"

    def ready(self) -> None:
        """Imports what registers itself, and registers the rest."""
        from accounts.devices import on_revoke
        from accounts.erasure import on_erase
        from accounts.export import register_section
        from connections.actions.tell import on_request
        from notifications import badges, checks, events  # noqa: F401
        from notifications.actions.erasure import forget_person, who_was_told
        from notifications.actions.requests import tell_of_request
        from notifications.actions.subscriptions import forget_devices
        from notifications.export import ABOUT, notifications

        on_erase(forget_person, who_was_told, is_trace=True)
        on_revoke(forget_devices)
        on_request(tell_of_request)
        register_section(notifications, ABOUT)
