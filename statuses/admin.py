"""Statuses in the admin, without what they say."""

from django.contrib import admin

from core.admin import ReadOnlyAdmin
from statuses.models import Status, SwitchedOff, View


@admin.register(Status)
class StatusAdmin(ReadOnlyAdmin):
    """The newest first."""

    list_display = ("id", "user", "kind", "audience", "created_at", "expires_at")
    list_filter = ("kind", "audience")
    search_fields = ("=id", "=user__username")
    list_select_related = ("user",)
    fields = ("user", "kind", "audience", "created_at", "expires_at")


@admin.register(View)
class ViewAdmin(ReadOnlyAdmin):
    """Who looked at what."""

    list_display = ("id", "status", "user", "at")
    search_fields = ("=status__id", "=user__username")
    list_select_related = ("status", "user")


@admin.register(SwitchedOff)
class SwitchedOffAdmin(ReadOnlyAdmin):
    """Who wants none."""

    list_display = ("user", "at")
    search_fields = ("=user__username",)
    list_select_related = ("user",)
