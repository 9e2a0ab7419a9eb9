"""Calls in the admin: who called whom, never what was said."""

from django.contrib import admin

from calls.models import Call, Participant
from core.admin import ReadOnlyAdmin


@admin.register(Call)
class CallAdmin(ReadOnlyAdmin):
    """The newest first."""

    list_display = ("id", "chat", "caller", "media", "state", "reason", "created_at", "ended_at")
    list_filter = ("media", "state", "reason")
    search_fields = ("=id", "=chat__id", "=caller__username")
    list_select_related = ("chat", "caller")


@admin.register(Participant)
class ParticipantAdmin(ReadOnlyAdmin):
    """Who took part."""

    list_display = ("id", "call", "user", "state", "joined_at")
    list_filter = ("state",)
    search_fields = ("=call__id", "=user__username")
    list_select_related = ("call", "user")
