"""The queue of reports in the admin, and the pages behind its buttons."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html_join

from accounts.models import User
from core.admin import ReadOnlyAdmin
from core.errors import AppError
from media.files import served
from media.models import Blob, Medium
from media.storage import served_part
from moderation.actions.reading import note_evidence_read, read_messages
from moderation.actions.reports import HOLDER, assign_report, dismiss_report
from moderation.admin.acts import ON_PEOPLE, ON_REPORTS, act_page, acts_on, staff_of
from moderation.admin.forms import ActForm, AnswerForm, ReadForm
from moderation.admin.shown import evidence_text, message_text
from moderation.models import Report
from moderation.targets import files_of


class Mine(admin.SimpleListFilter):
    """What one has taken."""

    title = "assignee"
    parameter_name = "mine"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """One choice beside all."""
        return [("yes", "Assigned to me")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Report]) -> QuerySet[Report]:
        """Those that are the asker's."""
        return queryset.filter(assignee=staff_of(request)) if self.value() else queryset


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    """The queue. The evidence stands on a report's own page, and looking at it is written down."""

    list_display = ("id", "state", "kind", "reason", "user", "reporter", "assignee", "created_at")
    list_filter = (Mine, "state", "kind", "reason", "resolution", "created_at")
    search_fields = ("=id", "=target", "=user__username", "=reporter__username")
    list_select_related = ("user", "reporter", "assignee")
    date_hierarchy = "created_at"
    actions = ("assign_to_me", "dismiss")
    fields = (
        *("id", "state", "kind", "reason", "target", "user", "reporter", "created_at", "comment"),
        *("shown_evidence", "files", "assignee", "decided_at", "resolution", "answer"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        """Lists do not carry the evidence."""
        return super().get_queryset(request).defer("evidence")

    @admin.display(description="evidence")
    def shown_evidence(self, report: Report) -> str:
        """As text: Django escapes it."""
        return evidence_text(report)

    @admin.display
    def files(self, report: Report) -> str:
        """Links to the files in the evidence."""
        ids = sorted(files_of(report.evidence))
        paths = [reverse("admin:moderation_file", args=[report.pk, one]) for one in ids]
        return format_html_join(" ", '<a href="{}">{}</a>', zip(paths, ids, strict=True))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """With the buttons. Written down before it is shown."""
        answer = super().change_view(request, object_id, form_url, extra_context)
        report = getattr(answer, "context_data", {}).get("original")
        if report is None:  # there is none
            return answer
        staff = staff_of(request)
        note_evidence_read(staff, report.pk)
        answer.context_data |= {  # type: ignore[attr-defined]  # a TemplateResponse by now
            "acts": acts_on(report, staff),
            "may_read": staff.has_perm("moderation.read_messages"),
        }
        return answer

    # --- In the list -------------------------------------------------------------------------

    def has_handle_permission(self, request: HttpRequest) -> bool:
        """For the list's actions."""
        return request.user.has_perm("moderation.handle_reports")

    @admin.action(description="Assign to me", permissions=["handle"])
    def assign_to_me(self, request: HttpRequest, reports: QuerySet[Report]) -> None:
        """Decided ones stay as they are."""
        self._each(request, reports, lambda report_id: assign_report(staff_of(request), report_id))

    @admin.action(description="Dismiss…", permissions=["handle"])
    def dismiss(self, request: HttpRequest, reports: QuerySet[Report]) -> HttpResponse | None:
        """Asks why, and what to answer."""
        given = request.POST if "confirmed" in request.POST else None
        asked = [ActForm(given), AnswerForm(given)]
        if given is None or not all([form.is_valid() for form in asked]):
            return TemplateResponse(
                request,
                "admin/moderation/act.html",
                {
                    **self.admin_site.each_context(request),
                    "title": f"Dismiss {reports.count()} reports",
                    "label": "Dismiss",
                    "forms": asked,
                    "back": reverse("admin:moderation_report_changelist"),
                    "chosen": reports,
                },
            )
        values = {**asked[0].cleaned_data, **asked[1].cleaned_data}
        staff = staff_of(request)
        self._each(request, reports, lambda report_id: dismiss_report(staff, report_id, **values))
        return None

    def _each(
        self, request: HttpRequest, reports: QuerySet[Report], act: Callable[[int], object]
    ) -> None:
        done = 0
        for report_id in list(reports.order_by("pk").values_list("pk", flat=True)):
            try:
                act(report_id)
                done += 1
            except AppError as error:
                messages.error(request, f"{report_id}: {error.message}")
        messages.success(request, f"{done} done.")

    # --- Pages of their own ------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        """The pages behind the buttons, before those of Django."""
        view = self.admin_site.admin_view
        return [
            path("messages/", view(self.read), name="moderation_messages"),
            path("person/<int:user_id>/<slug:act>/", view(self.person), name="moderation_person"),
            path("<int:report_id>/file/<int:medium_id>/", view(self.file), name="moderation_file"),
            path("<int:report_id>/act/<slug:act>/", view(self.decide), name="moderation_act"),
            *super().get_urls(),
        ]

    def decide(self, request: HttpRequest, report_id: int, act: str) -> HttpResponse:
        """Decides a report, or takes it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        report = Report.objects.defer("evidence").filter(pk=report_id).first()
        if act not in ON_REPORTS or report is None:
            raise Http404
        back = reverse("admin:moderation_report_change", args=[report_id])
        return act_page(request, ON_REPORTS[act], report_id, title=str(report), back=back)

    def file(self, request: HttpRequest, report_id: int, medium_id: int) -> HttpResponseBase:
        """A file that stands in the evidence; looking at it is written down too."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        held = Medium.objects.filter(holds__kind=HOLDER, holds__holder_id=report_id)
        medium = held.select_related("blob").filter(pk=medium_id).first()
        if medium is None or medium.blob.state != Blob.State.READY:
            raise Http404
        note_evidence_read(staff_of(request), report_id)
        return served(request, medium, served_part(medium.blob))

    def person(self, request: HttpRequest, user_id: int, act: str) -> HttpResponse:
        """Does something to a person, without a report."""
        if not request.user.has_perm("accounts.view_user"):
            raise PermissionDenied
        person = User.objects.filter(pk=user_id, deleted_at=None).first()
        if act not in ON_PEOPLE or person is None:
            raise Http404
        back = reverse("admin:accounts_user_change", args=[user_id])
        return act_page(request, ON_PEOPLE[act], user_id, title=str(person), back=back)

    def read(self, request: HttpRequest) -> HttpResponse:
        """Messages of any chat, to those who say why; by POST only."""
        staff = staff_of(request)
        if not staff.has_perm("moderation.read_messages"):
            raise PermissionDenied
        form = ReadForm(request.POST or None, initial=request.GET.dict())
        lines: list[str] = []
        if request.method == "POST" and form.is_valid():
            try:
                rows = read_messages(
                    staff,
                    form.cleaned_data["chat"],
                    form.cleaned_data["seq"],
                    form.cleaned_data["reason"],
                )
            except AppError as error:
                form.add_error(None, error.message)
            else:
                senders = User.objects.filter(pk__in={row.sender_id for row in rows})
                names = dict(senders.values_list("pk", "username"))
                lines = [message_text(row, names) for row in rows]
        return TemplateResponse(
            request,
            "admin/moderation/messages.html",
            {
                **self.admin_site.each_context(request),
                "title": "Read messages of a chat",
                "label": "Read",
                "forms": [form],
                "lines": lines,
                "most": settings.STAFF_READ_MESSAGES_MAX,
                "back": reverse("admin:moderation_report_changelist"),
            },
        )
