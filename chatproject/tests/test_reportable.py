"""Statuses can be reported by who sees them, and taken down by staff."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from connections.tests.acts import as_, connect, make_person
from core.clock import now
from core.errors import NotFound
from media.models import Medium
from media.tests.acts import Uploader, content_of, work
from media.tests.conftest import empty_directory
from media.tests.samples import jpeg
from moderation.actions.expiry import expire_reports
from moderation.actions.reports import delete_reported, dismiss_report
from moderation.models import AuditEntry, Report
from moderation.tests.acts import report, reported

__all__ = ["empty_directory"]

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


def test_a_picture_is_kept_for_staff_and_goes_with_the_report(empty_directory: None) -> None:
    uploader = Uploader(make_person("bob"))
    alice, bob = make_person("alice"), uploader.user
    root = User.objects.create_superuser("root")
    connect(alice, bob)
    medium = uploader.has(jpeg(), "beach.jpg")["id"]
    work()
    body = {"kind": "image", "media": medium}
    status = as_(bob).post("/api/v1/statuses/", body, format="json").json()["id"]
    made = reported(alice, status=status)
    delete_reported(root, made.pk, reason="rule 1")

    staff = Client()
    path = reverse("admin:moderation_file", args=[made.pk, int(medium)])
    assert staff.get(path).status_code == 302, "sign in first"
    staff.force_login(root)
    page = staff.get(f"/admin/moderation/report/{made.pk}/change/").content.decode()
    assert path in page and "beach" in page
    answer = staff.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert content_of(answer)
    assert staff.get(reverse("admin:moderation_file", args=[1, int(medium)])).status_code == 404
    assert AuditEntry.objects.filter(act="evidence", report_id=made.pk).count() == 2

    expire_reports(now() + timedelta(days=1000))
    assert not Medium.objects.exists()
