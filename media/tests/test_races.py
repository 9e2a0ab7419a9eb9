"""What happens at the same moment."""

from collections.abc import Callable
from functools import partial
from io import BytesIO
from typing import Any

import pytest
from django.db import transaction
from pytest_django import Settings

from accounts.models import User
from connections.tests.acts import at_once
from core.clock import now
from core.errors import NotFound
from media import storage
from media.actions.avatars import set_avatar
from media.actions.expiry import expire_orphans
from media.actions.media import collect, hold, release
from media.actions.processing import process
from media.actions.uploads import Description, append, begin, receive
from media.models import Blob, Hold, Medium, Purpose, Upload
from media.tests.acts import Uploader, content_of, work
from media.tests.samples import jpeg
from media.tests.test_access import ids, stored
from media.tests.test_erasure import LATER

pytestmark = pytest.mark.django_db(transaction=True)

A_FILE = Description("a.txt")
A_PICTURE = Description("a.jpg", purpose=Purpose.AVATAR)


def kinds(answers: list[Any]) -> list[str]:
    """What came of each act: the code of a refusal, or the type of what was answered."""
    return sorted(str(getattr(answer, "code", type(answer).__name__)) for answer in answers)


def put(alice: Uploader, content: bytes) -> Callable[[], Medium]:
    """Uploads a content."""
    return lambda: receive(alice.user.pk, BytesIO(content), len(content), A_FILE)


def take(medium_id: int, holder_id: int) -> None:
    """A message takes hold of a medium."""
    with transaction.atomic():
        hold([medium_id], "message", holder_id)


def test_the_same_content_twice_is_one_content(alice: Uploader) -> None:
    assert kinds(at_once([put(alice, b"same")] * 4)) == ["Medium"] * 4
    assert Blob.objects.count() == 1
    work()
    assert len(stored()) == 1


def test_two_writers_of_an_upload_do_not_mix(alice: Uploader) -> None:
    for _ in range(5):
        upload = begin(alice.user.pk, 4, A_FILE)
        pieces = [b"aaaa", b"bbbb"]
        acts = [partial(append, upload, 0, BytesIO(piece), 4) for piece in pieces]
        answers = at_once(acts)
        assert kinds(answers)[0] == "Progress"
        assert kinds(answers)[1] in {"upload_busy", "upload_offset", "upload_not_found"}
        whole = content_of(alice.get(f"/media/{upload.pk}/a"))
        assert whole in pieces
        assert not storage.part_file(upload.pk).exists() or Upload.objects.exists()


def test_room_is_not_given_out_twice(alice: Uploader, settings: Settings) -> None:
    settings.MEDIA_QUOTA_BYTES = 1000
    answers = at_once([put(alice, bytes([n]) * 600) for n in range(4)])
    assert kinds(answers) == ["Medium"] + ["quota_exceeded"] * 3
    settings.MEDIA_UPLOADS_PER_USER = 2
    begun = at_once([lambda: begin(alice.user.pk, 1, A_FILE)] * 4)
    assert kinds(begun) == ["Upload", "Upload", "uploads_full", "uploads_full"]


def test_taking_hold_and_deleting(alice: Uploader) -> None:
    """Either it is held and stays, or it is gone and cannot be held."""

    for number in range(6):
        medium = alice.has(b"%d" % number)
        (medium_id,) = ids(medium)
        ends: list[Callable[[], Any]] = [
            partial(alice.delete, f"/api/v1/media/{medium_id}/"),
            partial(expire_orphans, now() + LATER),
        ]
        answers = at_once([partial(take, medium_id, 1), ends[number % 2]])
        is_held = Hold.objects.filter(medium_id=medium_id).exists()
        assert isinstance(answers[0], NotFound) != is_held, answers
        work()
        assert Medium.objects.filter(pk=medium_id).exists() == is_held
        if is_held:
            assert content_of(alice.get(medium["url"])) == b"%d" % number


def test_two_holders_let_go(alice: Uploader) -> None:
    for number in range(4):
        medium = alice.has(b"%d" % number)
        for holder in (1, 2):
            take(ids(medium)[0], holder)
        at_once([lambda: release("message", [1]), lambda: release("message", [2])])
        work()
        assert not Medium.objects.exists() and stored() == set()


def test_uploading_again_what_is_being_collected(alice: Uploader) -> None:
    for number in range(6):
        content = b"%d" % number
        medium = alice.has(content)
        blob_id = Medium.objects.get(pk=ids(medium)[0]).blob_id
        Medium.objects.all().delete()
        answers = at_once([partial(collect, [blob_id]), put(alice, content)])
        assert isinstance(answers[1], Medium), answers
        work()
        assert content_of(alice.get(f"/media/{answers[1].pk}/a")) == content


def test_a_picture_is_set_while_it_is_decoded(alice: Uploader) -> None:
    """Whoever comes first, the last good one is shown and no other is held."""
    user_id, shown = alice.user.pk, None
    for number in range(6):
        content = jpeg(number % 8 + 1) + b"%d" % number
        content = content if number % 2 == 0 else content[:400]
        medium = receive(user_id, BytesIO(content), len(content), A_PICTURE)
        at_once([partial(process, medium.pk), partial(set_avatar, user_id, medium)])
        shown = medium.pk if number % 2 == 0 else shown
        assert User.objects.get(pk=user_id).avatar_id == shown
        assert list(Hold.objects.values_list("medium_id", flat=True)) == [shown]


def test_a_job_that_runs_twice(alice: Uploader) -> None:
    medium = alice.upload(jpeg()).json()
    at_once([lambda: process(int(medium["id"]))] * 2)
    work()
    assert alice.medium(medium["id"])["state"] == "ready"
    assert len(stored()) == 2
