"""The queue of reports, what staff do to people, and the audit log, in Django's admin."""

from moderation.admin.audit import AuditEntryAdmin
from moderation.admin.reports import ReportAdmin

__all__ = ["AuditEntryAdmin", "ReportAdmin"]
