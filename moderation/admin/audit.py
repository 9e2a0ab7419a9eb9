"""The audit log in the admin."""

from django.contrib import admin

from core.admin import ReadOnlyAdmin
from moderation.models import AuditEntry


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """What staff read and did, the newest first."""

    list_display = ("at", "actor", "act", "target", "reason", "report_id")
    list_filter = ("act", "at")
    search_fields = ("=id", "=target", "=actor__username", "=request_id")
    list_select_related = ("actor",)
    date_hierarchy = "at"
