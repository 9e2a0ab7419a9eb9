"""The queue of reports, and the audit log, in Django's admin."""

from django.contrib import admin

from core.admin import ReadOnlyAdmin
from moderation.models import AuditEntry, Report


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    """The queue."""

    list_display = ("id", "state", "kind", "reason", "user", "reporter", "assignee", "created_at")
    list_filter = ("state", "kind", "reason", "resolution", "created_at")
    search_fields = ("=id", "=target", "=user__username", "=reporter__username")
    list_select_related = ("user", "reporter", "assignee")
    date_hierarchy = "created_at"


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """What staff read and did, the newest first."""

    list_display = ("at", "actor", "act", "target", "reason", "report_id")
    list_filter = ("act", "at")
    search_fields = ("=id", "=target", "=actor__username", "=request_id")
    list_select_related = ("actor",)
    date_hierarchy = "at"
