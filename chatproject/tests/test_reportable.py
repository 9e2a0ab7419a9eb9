"""Statuses can be reported by who sees them, and taken down by staff."""

import pytest

from accounts.models import User
from connections.tests.acts import as_, connect, make_person
from core.errors import NotFound
from moderation.actions.reports import delete_reported, dismiss_report
from moderation.models import Report
from moderation.tests.acts import report, reported

pytestmark = pytest.mark.django_db


def test_a_status_is_reported_and_taken_down() -> None:
    alice, bob, carol = map(make_person, ("alice", "bob", "carol"))
    root = User.objects.create_superuser("root")
    connect(alice, bob)
    body = {"kind": "text", "text": "rude", "audience": {"only": [str(alice.pk)]}}
    made = as_(bob).post("/api/v1/statuses/", body, format="json").json()["id"]
    assert report(carol, status=made).status_code == 404
    assert report(bob, status=made).status_code == 400
    answer = report(alice, status=made, comment="mine").json()
    assert (answer["kind"], answer["status"], answer["user"]) == ("status", made, str(bob.pk))
    kept = Report.objects.get()
    assert kept.evidence["status"]["text"] == "rude"
    assert "audience" not in str(kept.evidence)

    delete_reported(root, kept.pk, reason="rule 1")
    assert as_(bob).get("/api/v1/statuses/").json()["results"] == []
    assert report(alice, status=made).status_code == 404
    gone = as_(bob).post("/api/v1/statuses/", body, format="json").json()["id"]
    again = reported(alice, status=gone)
    as_(bob).delete(f"/api/v1/statuses/{gone}/")
    with pytest.raises(NotFound):
        delete_reported(root, again.pk, reason="rule 1")
    dismiss_report(root, again.pk, reason="gone by itself")
