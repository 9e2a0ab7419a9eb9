"""The admin of connections: rows come from actions, which tell people; here they are read."""

from django.contrib import admin

from connections.models import Block, Connection, ConnectionRequest, QrToken
from core.admin import ReadOnlyAdmin


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
