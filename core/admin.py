"""What the pages of the admin have in common, and the base of those that only show rows."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.admin.models import DELETION, LogEntry
from django.http import HttpRequest


class StaffAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic over all models
    """Lets staff find things out by the pages only, and says each deletion aloud."""

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only of what is filtered by: ``?text__startswith=`` would tell texts letter by letter."""
        filters = [
            one[0] if isinstance(one, tuple) else getattr(one, "parameter_name", one)
            for one in self.list_filter
        ]
        name = lookup.partition("__")[0]
        if name not in {*filters, self.date_hierarchy}:
            return False
        return bool(super().lookup_allowed(lookup, value, request))  # type: ignore[arg-type]  # stubs

    def log_deletions(self, request: HttpRequest, queryset: Iterable[Any]) -> Any:
        """One by one: of entries made at once the audit log does not hear."""
        staff = request.user.pk or 0
        return [
            LogEntry.objects.log_actions(staff, [one], DELETION, single_object=True)
            for one in queryset
        ]


class ReadOnlyAdmin(StaffAdmin):
    """Shows rows; adds, changes and deletes none."""

    show_full_result_count = False
    list_per_page = 50
    ordering = ("-pk",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nothing is made here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Nothing is changed here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Nothing is deleted here."""
        return False
