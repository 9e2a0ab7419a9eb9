"""What staff can do about a report or to a person: a button, a form that asks why, the action."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from accounts.models import User
from core.clock import now
from core.errors import AppError
from moderation.actions import people, reports
from moderation.admin.forms import ActForm, AnswerForm, SuspendForm, ToldForm, WarnForm
from moderation.models import Report
from moderation.targets import can_remove

#: ``fn(staff, id, values of the form)``.
Run = Callable[[User, int, dict[str, Any]], object]


@dataclass(frozen=True, slots=True)
class Act:
    """A button and what is behind it; ``permission`` is one of this app's."""

    name: str
    label: str
    done: str
    permission: str
    forms: tuple[type[forms.Form], ...]
    run: Run


def _of_person(act: Callable[..., object], *arguments: str) -> Run:
    """``act`` to a person, with some values of the form."""

    def run(staff: User, user_id: int, given: dict[str, Any]) -> object:
        return act(staff, user_id, *(given[name] for name in arguments))

    return run


def _of_report(act: Callable[..., object], *arguments: str) -> Run:
    """``act`` to the person whom a report is about, which resolves it."""

    def run(staff: User, report_id: int, given: dict[str, Any]) -> object:
        user_id = Report.objects.values_list("user_id", flat=True).get(pk=report_id)
        values = (given[name] for name in arguments)
        return act(staff, user_id, *values, report_id=report_id, answer=given["answer"])

    return run


def _decide(act: Callable[..., object]) -> Run:
    def run(staff: User, report_id: int, given: dict[str, Any]) -> object:
        return act(staff, report_id, reason=given["reason"], answer=given["answer"])

    return run


_WARN = ("warn", "Warn", "Warned.", "warn_people")
_SUSPEND = ("suspend", "Suspend", "Suspended.", "suspend_people")
_BAN = ("ban", "Ban", "Banned.", "suspend_people")

ON_PEOPLE = {
    act.name: act
    for act in (
        Act(*_WARN, (WarnForm,), _of_person(people.warn_person, "text")),
        Act(*_SUSPEND, (SuspendForm,), _of_person(people.suspend_person, "until", "reason")),
        Act(*_BAN, (ToldForm,), _of_person(people.suspend_person, "until", "reason")),
        Act(
            *("lift", "Lift the suspension", "Lifted.", "suspend_people"),
            (ActForm,),
            _of_person(people.lift_suspension, "reason"),
        ),
    )
}

ON_REPORTS = {
    act.name: act
    for act in (
        Act(
            *("assign", "Assign to me", "It is yours.", "handle_reports"),
            (),
            lambda staff, report_id, _: reports.assign_report(staff, report_id),
        ),
        Act(
            *("dismiss", "Dismiss", "Dismissed.", "handle_reports"),
            (ActForm, AnswerForm),
            _decide(reports.dismiss_report),
        ),
        Act(
            *("delete", "Delete the content", "Deleted for everyone.", "delete_content"),
            (ActForm, AnswerForm),
            _decide(reports.delete_reported),
        ),
        Act(*_WARN, (WarnForm, AnswerForm), _of_report(people.warn_person, "text")),
        Act(
            *_SUSPEND,
            (SuspendForm, AnswerForm),
            _of_report(people.suspend_person, "until", "reason"),
        ),
        Act(*_BAN, (ToldForm, AnswerForm), _of_report(people.suspend_person, "until", "reason")),
        Act(
            *("resolve", "Dealt with otherwise", "Resolved.", "handle_reports"),
            (ActForm, AnswerForm),
            _decide(reports.resolve_report),
        ),
    )
}


def acts_on(report: Report, staff: User) -> list[Act]:
    """The buttons of a report."""
    if report.is_decided:
        return []
    return [
        act
        for act in ON_REPORTS.values()
        if staff.has_perm(f"moderation.{act.permission}")
        and (act.permission not in {"warn_people", "suspend_people"} or report.user_id is not None)
        and (act.name != "delete" or can_remove(report.kind))
    ]


def staff_of(request: HttpRequest) -> User:
    """Who is signed in to the admin."""
    return cast(User, request.user)


def act_page(
    request: HttpRequest, act: Act, target_id: int, *, title: str, back: str, **context: Any
) -> HttpResponse:
    """Asks what there is to fill in; a POST does it, and goes back to where the button was.

    Raises PermissionDenied for who may not, whatever the method.
    """
    staff = staff_of(request)
    if not staff.has_perm(f"moderation.{act.permission}"):
        raise PermissionDenied
    asked = [form(request.POST or None) for form in act.forms]
    if request.method == "POST" and all([form.is_valid() for form in asked]):
        given = {name: value for form in asked for name, value in form.cleaned_data.items()}
        hours = given.get("hours")
        given["until"] = None if hours is None else now() + timedelta(hours=hours)
        try:
            act.run(staff, target_id, given)
        except AppError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, act.done)
            return HttpResponseRedirect(back)
    return TemplateResponse(
        request,
        "admin/moderation/act.html",
        {
            **admin.site.each_context(request),
            "title": f"{act.label}: {title}",
            "label": act.label,
            "forms": asked,
            "back": back,
            **context,
        },
    )
