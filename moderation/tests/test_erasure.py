"""What stays of reports and of the audit log, for how long, and that the log only grows."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import Q

from accounts.erasure import erase
from accounts.models import User
from chat.tests.acts import bare_group, make_chat, post
from connections.tests.acts import at_once, connect, make_person
from core.clock import now
from core.errors import AppError
from moderation.actions.expiry import expire_reports
from moderation.actions.people import suspend_person, warn_person
from moderation.actions.reports import dismiss_report
from moderation.models import AuditEntry, Report
from moderation.tests.acts import report, reported

pytestmark = pytest.mark.django_db


def everything_kept() -> str:
    """All rows of this app, and of Django's log of the admin, as text."""
    return str([list(model.objects.values()) for model in (Report, AuditEntry, LogEntry)])


def test_nothing_of_the_erased_stays_but_the_audit_log(
    alice: User, bob: User, moderator: User
) -> None:
    erin = make_person("erin")
    chat = bare_group(alice, bob, erin)
    post(erin, chat, "canary-erin")
    post(bob, chat, "canary-bob-before", mentions=[str(alice.pk)])
    post(alice, chat, "canary-alice")
    rude = post(erin, chat, "canary-rude")
    about_erin = reported(alice, chat=chat, seq=rude.seq, comment="canary-comment")
    User.objects.filter(pk=bob.pk).update(
        username="canary_bob", name="Canary Bob", about="canary-about"
    )
    about_bob = reported(erin, user=str(bob.pk), comment="canary-erins-comment")
    root = User.objects.create_superuser("root")
    changed = User.objects.filter(pk=bob.pk)
    LogEntry.objects.log_actions(root.pk, changed, CHANGE, "Changed name.", single_object=True)
    assert "canary_bob" in everything_kept()
    warn_person(moderator, bob.pk, "the staff's words")

    erase(bob.pk)
    kept = everything_kept()
    assert "canary-bob" not in kept and "anary Bob" not in kept and "canary_bob" not in kept
    assert "canary-about" not in kept and "canary-erins-comment" not in kept
    about_bob.refresh_from_db()
    assert (about_bob.evidence, about_bob.people) == ({}, [])
    about_erin.refresh_from_db()
    assert about_erin.evidence["message"]["text"] == "canary-rude"
    assert [one["text"] for one in about_erin.evidence["before"]] == [
        "canary-erin", None, "canary-alice"
    ]  # fmt: skip

    erase(alice.pk)
    kept = everything_kept()
    assert "canary-alice" not in kept and "canary-comment" not in kept
    erase(erin.pk)
    assert "anary" not in everything_kept()
    assert Report.objects.count() == 2
    assert "the staff's words" in everything_kept()


@pytest.mark.django_db(transaction=True)
def test_no_report_is_made_beside_an_erasure() -> None:
    for n in range(6):
        alice, bob = make_person(f"alice{n}"), make_person(f"bob{n}")
        connect(alice, bob)
        chat = make_chat(alice, bob)
        post(bob, chat, f"canary-{n}")
        goes = (alice, bob)[n % 2]
        ask = partial(report, alice, chat=chat, seq=1, comment="canary")
        at_once([ask, partial(erase, goes.pk)])
        for kept in Report.objects.filter(Q(reporter=goes) | Q(user=goes)):
            # What alice says about somebody who is gone already is hers.
            assert kept.comment == "" if goes == alice else "canary" not in str(kept.evidence)


@pytest.mark.django_db(transaction=True)
def test_deciding_and_erasing_do_not_wait_in_a_circle(moderator: User) -> None:
    for n in range(5):
        alice, bob = make_person(f"alice{n}"), make_person(f"bob{n}")
        connect(alice, bob)
        made = reported(alice, user=str(bob.pk))
        ban = partial(suspend_person, moderator, bob.pk, None, "spam", report_id=made.pk)
        banned, erased = at_once([ban, partial(erase, bob.pk)])
        assert erased is None
        assert banned is None or isinstance(banned, AppError)


def test_reports_go_some_time_after_they_were_decided(
    alice: User, bob: User, chat: str, moderator: User, settings: Any
) -> None:
    for text in "ab":
        post(bob, chat, text)
    decided, waiting = (reported(alice, chat=chat, seq=seq) for seq in (1, 2))
    dismiss_report(moderator, decided.pk, reason="banter")
    later = now() + timedelta(days=settings.REPORTS_KEPT_DAYS, minutes=1)
    assert expire_reports(now()) == 0
    assert (expire_reports(later, dry_run=True), expire_reports(later)) == (1, 1)
    assert list(Report.objects.all()) == [waiting]
    assert AuditEntry.objects.get().target == f"report:{decided.pk}"
    call_command("expire")


def test_the_audit_log_only_grows(bob: User, moderator: User) -> None:
    warn_person(moderator, bob.pk, "Be kind.")
    entry = AuditEntry.objects.get()
    entry.reason = "nothing happened"
    for change in (
        entry.save,
        entry.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(actor=bob),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
    with connection.cursor() as cursor:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute("DELETE FROM moderation_auditentry")
    assert AuditEntry.objects.get().reason == "Be kind."
