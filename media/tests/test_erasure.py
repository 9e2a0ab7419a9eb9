"""What time and erasure leave: nothing."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import TestCase

from accounts.tests.acts import clear_erased
from core.clock import now
from media import storage
from media.actions.expiry import expire_orphans, expire_processing
from media.actions.media import collect, hold
from media.actions.processing import process
from media.models import Blob, Hold, Medium, Upload
from media.tests.acts import Uploader, content_of, work
from media.tests.samples import jpeg
from media.tests.test_access import ids, stored
from media.tests.test_avatars import set_avatar
from media.tests.test_tus import begin, send

pytestmark = pytest.mark.django_db


def test_erasing_an_account_removes_all_its_bytes(alice: Uploader, bob: Uploader) -> None:
    medium = alice.has(jpeg())
    hold(ids(medium), "message", 1)  # bob may have been shown it
    alice.has(b"a text")
    set_avatar(alice, jpeg(6))
    work()
    unfinished = begin(alice, 10)
    send(alice, unfinished, b"abc", 0)
    kept = bob.has(b"something of bob's")
    waiting = alice.upload(jpeg(8)).json()
    assert alice.call("DELETE", "/api/v1/users/me/").status_code == 204
    assert bob.get(medium["url"]).status_code == 404
    clear_erased()
    work()
    assert {blob.owner_id for blob in Blob.objects.all()} == {bob.user.pk}
    assert list(Medium.objects.values_list("pk", flat=True)) == ids(kept)
    assert not Hold.objects.exists() and not Upload.objects.exists()
    assert stored() == {f"{kept['id']}.original"}
    assert not storage.part_file(int(unfinished.split("/")[-2])).exists()
    assert bob.get(medium["url"]).status_code == 404
    alice.user.refresh_from_db()
    assert alice.user.avatar_id is None
    # The job of what waited has nothing to do; nor has one that came too late.
    process(int(waiting["id"]))
    assert stored() == {f"{kept['id']}.original"}


def test_what_is_deleted_while_it_is_decoded_leaves_nothing(
    alice: Uploader, monkeypatch: pytest.MonkeyPatch
) -> None:
    medium = alice.upload(jpeg()).json()
    keep = storage.keep

    def delete_first(*args: object) -> None:
        if Medium.objects.exists():
            alice.delete(f"/api/v1/media/{medium['id']}/")
            collect([int(medium["id"])])  # its job comes first
        keep(*args)  # type: ignore[arg-type]  # passed on as given

    monkeypatch.setattr(storage, "keep", delete_first)
    with TestCase.captureOnCommitCallbacks(execute=True):
        process(int(medium["id"]))
    assert not Blob.objects.exists() and stored() == set()


LATER = timedelta(seconds=settings.MEDIA_ORPHAN_SECONDS + 1)


def test_what_nothing_holds_goes_after_a_while(alice: Uploader) -> None:
    held, orphan, young = alice.has(b"held"), alice.has(b"orphan"), alice.has(b"young")
    hold(ids(held), "message", 1)
    Medium.objects.filter(pk__in=ids(held, orphan)).update(created_at=now() - LATER)
    assert expire_orphans(now(), dry_run=True) == 1
    assert Medium.objects.count() == 3
    assert expire_orphans(now()) == 1
    work()
    assert set(Medium.objects.values_list("pk", flat=True)) == set(ids(held, young))
    assert stored() == {f"{held['id']}.original", f"{young['id']}.original"}
    assert alice.get(f"/api/v1/media/{orphan['id']}/").status_code == 404
    assert content_of(alice.get(held["url"])) == b"held"


def test_a_content_that_an_interrupted_job_has_left_goes_too(alice: Uploader) -> None:
    alice.has(b"text")
    Medium.objects.all().delete()
    expire_orphans(now())
    work()
    assert Blob.objects.exists()
    expire_orphans(now() + LATER)
    work()
    assert not Blob.objects.exists() and stored() == set()


def test_what_is_not_decoded_in_a_day_is_given_up(alice: Uploader) -> None:
    medium = alice.upload(jpeg()).json()
    assert expire_processing(now()) == 0
    assert expire_processing(now() + LATER, dry_run=True) == 1
    assert expire_processing(now() + LATER) == 1
    assert alice.medium(medium["id"])["reason"] == "failed"
    work()  # its job may come later still
    assert (alice.medium(medium["id"])["state"], stored()) == ("rejected", set())


def test_the_command_lists_both(alice: Uploader, capsys: pytest.CaptureFixture[str]) -> None:
    alice.has(b"orphan")
    begin(alice, 10)
    Medium.objects.update(created_at=now() - LATER)
    Upload.objects.update(expires_at=now())
    call_command("expire", "--dry-run")
    said = capsys.readouterr().out
    assert "uploads: 1\n" in said and "files nobody holds: 1\n" in said
