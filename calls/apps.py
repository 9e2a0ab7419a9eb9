"""Django's entry to the app."""

from django.apps import AppConfig


class CallsConfig(AppConfig):
    """Registers commands, events, what web processes do for calls, and the end of a suspended
    person's.
    """

    name = "calls"

    def ready(self) -> None:
        """Imports what registers itself, and registers the rest."""
        from accounts.erasure import after_erase
        from accounts.export import register_section
        from accounts.suspensions import on_suspend
        from calls import checks, commands, events, tidying  # noqa: F401
        from calls.actions import hang_up
        from calls.erasure import clear_calls
        from calls.export import ABOUT, calls

        on_suspend(hang_up)
        after_erase(clear_calls)
        register_section(calls, ABOUT)
