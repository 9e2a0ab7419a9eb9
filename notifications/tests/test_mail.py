"""Mail for what stayed unseen."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail

from accounts.models import User
from chat.tests.acts import mark, post
from core.clock import now
from notifications.actions.mail import mail_unseen
from notifications.actions.notices import notify
from notifications.tests.acts import run_jobs, send

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def wants_mail(bob: User, settings: Any) -> None:
    """Bob has an address and wants mail."""
    settings.OTP_EMAIL_DRIVER = "mail"
    settings.PUBLIC_URL = "https://chat.example"
    User.objects.filter(pk=bob.pk).update(email="bob@example.com")
    send(bob, "patch", "settings/", {"mail": True})


def after(hours: float) -> list[Any]:
    """The mails that went out in a round of the worker so many hours from now."""
    mail.outbox.clear()
    with time_machine.travel(now() + timedelta(hours=hours)):
        mail_unseen(now())
        mail_unseen(now())
        run_jobs()
    return list(mail.outbox)


def test_what_was_unseen_for_long_is_mailed_once_without_what_it_says(
    alice: User, bob: User, chat: str
) -> None:
    assert after(9) == [], "what was there before is no news"
    post(alice, chat, "a secret")
    assert after(7.9) == []
    (sent,) = after(8.1)
    assert sent.to == ["bob@example.com"]
    assert "2 unseen" in sent.body and "https://chat.example" in sent.body
    assert "secret" not in sent.body + sent.subject and "Alice" not in sent.body
    assert after(8.2) == after(100) == []


def test_what_was_seen_or_is_not_wanted_is_not_mailed(alice: User, bob: User, chat: str) -> None:
    written = post(alice, chat)
    mark(bob, chat, "seen", written.seq)
    assert after(9) == []
    post(alice, chat)
    send(bob, "patch", "settings/", {"mail": False})
    assert after(9) == []


def test_notifications_count_too_and_a_proven_address_is_needed(bob: User) -> None:
    notify([bob.pk], "thing")
    User.objects.filter(pk=bob.pk).update(email=None)
    assert after(9) == []
    User.objects.filter(pk=bob.pk).update(email="bob@example.com")
    assert len(after(9)) == 1


def test_what_is_seen_before_the_job_runs_is_not_mailed(alice: User, bob: User, chat: str) -> None:
    written = post(alice, chat)
    mail.outbox.clear()
    with time_machine.travel(now() + timedelta(hours=9)):
        mail_unseen(now())
        mark(bob, chat, "seen", written.seq)
        run_jobs()
    assert mail.outbox == []
