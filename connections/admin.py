"""The admin of connections: to look things up and to remove them, never to make them by hand."""

from typing import ClassVar

from django.contrib import admin
from django.http import HttpRequest

from connections.models import Block, Connection, ConnectionRequest, QrToken


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic over four models
    """Rows come from actions, which tell the people concerned; here they are only read."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Never."""
        return False


@admin.register(QrToken)
class QrTokenAdmin(ReadOnlyAdmin):
    """Codes; the hash is shown to nobody."""

    list_display = ("owner", "created_at", "expires_at", "used_at")
    list_select_related = ("owner",)
    search_fields = ("owner__username", "owner__id")
    fields = ("owner", "created_at", "expires_at", "used_at")


@admin.register(ConnectionRequest)
class ConnectionRequestAdmin(ReadOnlyAdmin):
    """Requests, open and closed."""

    list_display = ("id", "scanner", "owner", "status", "created_at", "expires_at", "decided_at")
    list_filter = ("status",)
    list_select_related = ("scanner", "owner")
    search_fields = ("id", "scanner__username", "owner__username")
    date_hierarchy = "created_at"


@admin.register(Connection)
class ConnectionAdmin(ReadOnlyAdmin):
    """Pairs of connected people."""

    list_display = ("id", "low", "high", "since")
    list_select_related = ("low", "high")
    search_fields = ("id", "low__username", "high__username")
    date_hierarchy = "since"


@admin.register(Block)
class BlockAdmin(ReadOnlyAdmin):
    """Blocks."""

    list_display = ("id", "blocker", "blocked", "created_at")
    list_select_related = ("blocker", "blocked")
    search_fields = ("id", "blocker__username", "blocked__username")
    ordering: ClassVar = ("-id",)
