"""A suspension through the queue ends what the person is doing."""

from datetime import timedelta

import pytest

from accounts.models import User
from calls.actions import answer_call, start_call
from calls.models import Call
from core.clock import now
from moderation.actions.people import lift_suspension, suspend_person
from moderation.models import AuditEntry

pytestmark = pytest.mark.django_db


def test_calls_end_with_it(alice: User, bob: User, chat: str, moderator: User) -> None:
    active, _ = start_call(alice.pk, chat, "audio")
    answer_call(bob.pk, str(active.pk), device_id=1, socket="p-1")
    suspend_person(moderator, bob.pk, now() + timedelta(hours=1), "noise")
    active.refresh_from_db()
    assert (active.state, active.reason) == ("ended", "completed")
    lift_suspension(moderator, bob.pk, "a mistake")
    ringing, _ = start_call(alice.pk, chat, "audio")
    suspend_person(moderator, bob.pk, None, "noise")
    assert Call.objects.get(pk=ringing.pk).reason == "declined"
    reasons = list(AuditEntry.objects.order_by("pk").values_list("act", "reason"))
    assert [act for act, _ in reasons] == ["suspend", "lift", "ban"]
    assert reasons[0][1].startswith("until 20") and reasons[0][1].endswith(" UTC: noise")
