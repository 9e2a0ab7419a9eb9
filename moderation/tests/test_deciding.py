"""What staff do about reports and people, and that one of several wins."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from accounts.log import events_after
from accounts.models import User
from chat.models import Message
from chat.tests.acts import make_chat, post
from connections.tests.acts import as_, at_once, connect, make_person
from core.clock import now
from core.errors import AppError, Conflict, Forbidden, NotFound
from moderation.actions.people import lift_suspension, suspend_person, warn_person
from moderation.actions.reports import (
    assign_report,
    delete_reported,
    dismiss_report,
    resolve_report,
)
from moderation.models import AuditEntry, Report
from moderation.tests.acts import REPORTS, reported
from moderation.tests.conftest import make_staff
from realtime.tests.published import Published

pytestmark = pytest.mark.django_db


@pytest.fixture
def report(alice: User, bob: User, chat: str) -> Report:
    """Alice has reported what bob said."""
    post(alice, chat, "hello")
    return reported(alice, chat=chat, seq=post(bob, chat, "rude").seq)


def audit() -> list[tuple[str, str, str]]:
    """Who did what to what, in order."""
    rows = AuditEntry.objects.order_by("pk")
    return list(rows.values_list("actor__username", "act", "target"))


def test_a_report_is_taken_then_resolved_by_deleting(
    alice: User,
    bob: User,
    chat: str,
    report: Report,
    moderator: User,
    published: Published,
    django_capture_on_commit_callbacks: Any,
) -> None:
    assert assign_report(moderator, report.pk).state == "assigned"
    published.take()
    with django_capture_on_commit_callbacks(execute=True):
        delete_reported(moderator, report.pk, reason="rule 1", answer="We deleted it.")
    (push,) = published.take("message:updated")
    assert push.to == {alice.pk, bob.pk}
    assert (push.data["by"], push.data["change"]) == (None, "deleted")
    assert Message.objects.get(chat_id=int(chat), seq=2).text == ""
    report.refresh_from_db()
    assert (report.state, report.resolution, report.assignee) == ("resolved", "deleted", moderator)
    assert report.evidence["message"]["text"] == "rude"
    (row,) = as_(alice).get(REPORTS).json()["results"]
    assert (row["state"], row["answer"]) == ("resolved", "We deleted it.")
    assert audit() == [
        ("mira", "assign", f"report:{report.pk}"),
        ("mira", "delete", f"message:{chat}-2"),
    ]


def test_a_decided_report_stays_decided(report: Report, bob: User, moderator: User) -> None:
    dismiss_report(moderator, report.pk, reason="banter")
    until = now() + timedelta(hours=1)
    for again in (
        partial(assign_report, moderator, report.pk),
        partial(dismiss_report, moderator, report.pk, reason="again"),
        partial(delete_reported, moderator, report.pk, reason="after all"),
        partial(warn_person, moderator, bob.pk, "stop", report_id=report.pk),
        partial(suspend_person, moderator, bob.pk, until, "spam", report_id=report.pk),
    ):
        with pytest.raises(Conflict):
            again()
    # All of the act is undone with it.
    bob.refresh_from_db()
    assert bob.is_active
    assert Message.objects.get(sender=bob).text == "rude"
    assert [act for _, act, _ in audit()] == ["dismiss"]


@pytest.mark.django_db(transaction=True)
def test_a_warning_reaches_the_persons_log(report: Report, bob: User, moderator: User) -> None:
    warn_person(moderator, bob.pk, "Be kind.", report_id=report.pk, answer="We warned them.")
    entry = events_after(bob.pk, 0, 100)[-1]
    assert (entry.event, entry.data) == ("moderation:warning", {"text": "Be kind."})
    report.refresh_from_db()
    assert (report.resolution, report.answer) == ("warned", "We warned them.")
    answer = as_(bob).post("/api/v1/sync/", {"position": entry.position - 1}, format="json").json()
    assert answer["events"][0] == {
        "event": "moderation:warning",
        "data": {"text": "Be kind.", "position": entry.position},
    }


def test_who_may_do_what_to_whom(
    alice: User, bob: User, report: Report, moderator: User, admin: User
) -> None:
    root = User.objects.create_superuser("root")
    other = make_staff("milo", "moderator")
    warn_person(moderator, bob.pk, "Be kind.")
    warn_person(admin, moderator.pk, "Be fair.")
    warn_person(root, admin.pk, "Be careful.")
    until = now() + timedelta(hours=1)
    for staff, person in (
        (moderator, moderator),
        (moderator, other),
        (moderator, admin),
        (moderator, root),
        (admin, root),
        (admin, admin),
        (root, root),
        (alice, bob),
    ):
        for act in (
            partial(warn_person, staff, person.pk, "psst"),
            partial(suspend_person, staff, person.pk, until, "psst"),
            partial(suspend_person, staff, person.pk, None, "psst"),
            partial(lift_suspension, staff, person.pk, "psst"),
        ):
            with pytest.raises(Forbidden):
                act()
    for decide in (
        partial(assign_report, alice, report.pk),
        partial(dismiss_report, alice, report.pk, reason="mine"),
        partial(resolve_report, alice, report.pk, reason="mine"),
        partial(delete_reported, alice, report.pk, reason="mine"),
    ):
        with pytest.raises(Forbidden):
            decide()
    with pytest.raises(NotFound):
        warn_person(root, 1, "nobody")
    with pytest.raises(NotFound):
        dismiss_report(moderator, 1, reason="nothing")
    # Not without being staff, whatever the groups.
    User.objects.filter(pk=moderator.pk).update(is_staff=False)
    with pytest.raises(Forbidden):
        warn_person(User.objects.get(pk=moderator.pk), bob.pk, "psst")
    assert len(audit()) == 3


def test_only_what_can_be_deleted_is(alice: User, bob: User, chat: str, moderator: User) -> None:
    person = reported(alice, user=str(bob.pk))
    with pytest.raises(NotFound):
        delete_reported(moderator, person.pk, reason="no message")
    resolve_report(moderator, person.pk, reason="talked to them")
    person.refresh_from_db()
    assert (person.state, person.resolution) == ("resolved", "otherwise")


@pytest.mark.django_db(transaction=True)
def test_of_moderators_who_decide_at_once_one_wins() -> None:
    alice, bob = make_person("alice"), make_person("bob")
    connect(alice, bob)
    chat = make_chat(alice, bob)
    staff = [make_staff(f"staff{n}", "moderator") for n in range(4)]
    for _ in range(4):
        User.objects.filter(pk=bob.pk).update(is_active=True)
        report = reported(alice, chat=chat, seq=post(bob, chat, "rude").seq)
        answers = at_once(
            [
                partial(dismiss_report, staff[0], report.pk, reason="banter"),
                partial(delete_reported, staff[1], report.pk, reason="rude"),
                partial(warn_person, staff[2], bob.pk, "stop", report_id=report.pk),
                partial(suspend_person, staff[3], bob.pk, None, "rude", report_id=report.pk),
            ]
        )
        lost = [one for one in answers if isinstance(one, AppError)]
        assert [one.code for one in lost] == ["report_decided"] * 3, answers
        report.refresh_from_db()
        bob.refresh_from_db()
        assert bob.is_active == (report.resolution != "banned")
        newest = Message.objects.filter(chat_id=int(chat)).latest("seq")
        assert (newest.deleted_at is not None) == (report.resolution == "deleted")
        assert AuditEntry.objects.filter(report_id=report.pk).count() == 1
