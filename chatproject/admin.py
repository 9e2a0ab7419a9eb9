"""The jobs in Django's admin: for staff to look at, for superusers to try again or take back."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import ConnectorException

from core.admin import ReadOnlyAdmin
from core.clock import now

# Its own lets everybody who sees jobs retry and abort them.
admin.site.unregister(ProcrastinateJob)


@admin.register(ProcrastinateJob)
class JobAdmin(ReadOnlyAdmin):
    """What the worker has to do, does, and has failed to do; what went well is gone."""

    list_display = ("id", "task_name", "queue_name", "status", "attempts", "scheduled_at", "last")
    list_filter = ("status", "queue_name", "task_name")
    search_fields = ("=id", "task_name")
    fields = (
        *("task_name", "queue_name", "status", "attempts", "priority", "scheduled_at"),
        *("args", "lock", "queueing_lock", "history"),
    )
    readonly_fields = ("history",)
    actions = ("retry", "cancel")

    def has_manage_permission(self, request: HttpRequest) -> bool:
        """Who may do more than look."""
        return bool(request.user.is_superuser)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProcrastinateJob]:
        """With what happened to them."""
        return super().get_queryset(request).prefetch_related("procrastinateevent_set")

    @admin.display
    def last(self, job: ProcrastinateJob) -> str:
        """The last thing that happened to it."""
        return self.history(job).rpartition("\n")[2]

    @admin.display
    def history(self, job: ProcrastinateJob) -> str:
        """What happened to it, a line each."""
        events = sorted(job.procrastinateevent_set.all(), key=lambda one: one.pk)
        return "\n".join(f"{one.at:%Y-%m-%d %H:%M:%S} {one.type}" for one in events)

    @admin.action(description="Try failed jobs again", permissions=["manage"])
    def retry(self, request: HttpRequest, jobs: QuerySet[ProcrastinateJob]) -> None:
        """At once. One of whose kind another waits already stays as it is."""
        self._each(
            request,
            jobs.filter(status="failed"),
            "retried",
            lambda job: app.job_manager.retry_job_by_id(job.pk, now()),
        )

    @admin.action(description="Take back jobs that wait", permissions=["manage"])
    def cancel(self, request: HttpRequest, jobs: QuerySet[ProcrastinateJob]) -> None:
        """They are kept as cancelled for a while."""
        self._each(
            request,
            jobs.filter(status="todo"),
            "cancelled",
            lambda job: app.job_manager.cancel_job_by_id(job.pk),
        )

    def _each(
        self,
        request: HttpRequest,
        jobs: QuerySet[ProcrastinateJob],
        done: str,
        act: Callable[[ProcrastinateJob], object],
    ) -> None:
        """Says it to the log, too, one by one."""
        count = 0
        for job in jobs:
            try:
                with transaction.atomic():
                    act(job)
                    staff = request.user.pk or 0
                    LogEntry.objects.log_actions(staff, [job], CHANGE, done, single_object=True)
            except ConnectorException:
                continue
            count += 1
        self.message_user(request, f"{count} {done}.", messages.SUCCESS)
