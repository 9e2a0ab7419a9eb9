"""Exports in Django's admin: that they were asked for, never what is in them."""

from django.contrib import admin

from core.admin import ReadOnlyAdmin
from exports.models import Export


@admin.register(Export)
class ExportAdmin(ReadOnlyAdmin):
    """Who asked for their data, and what became of it."""

    list_display = ("id", "user", "state", "reason", "progress", "size", "created_at", "expires_at")
    list_filter = ("state", "reason", "created_at")
    search_fields = ("=id", "=user__username")
    list_select_related = ("user",)
