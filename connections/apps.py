"""Django's entry to the app."""

from django.apps import AppConfig


class ConnectionsConfig(AppConfig):
    """Tells accounts what connects two people, and what an erased person leaves."""

    name = "connections"

    def ready(self) -> None:
        """Imports what registers itself, and registers the rest."""
        from accounts.access import register_visibility
        from accounts.erasure import on_erase
        from accounts.export import register_section
        from accounts.privacy import Relation
        from connections import events  # noqa: F401
        from connections.actions.erasure import forget_person, who_knows
        from connections.export import ABOUT, connections
        from connections.queries import are_connected, is_asking

        register_visibility(are_connected, Relation.CONNECTED)
        register_visibility(is_asking, Relation.KNOWN)
        on_erase(forget_person, who_knows)
        register_section(connections, ABOUT)
