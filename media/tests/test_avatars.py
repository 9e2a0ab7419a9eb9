"""Pictures of people."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from accounts.models import User
from accounts.payloads import people
from media.access import get_medium
from media.models import Blob, Hold, Medium
from media.tests.acts import API, Uploader, code_of, content_of, work
from media.tests.samples import encoded, jpeg, picture, recording

pytestmark = pytest.mark.django_db

AVATAR = "/api/v1/users/me/avatar/"


def set_avatar(who: Uploader, content: bytes) -> Any:
    """Sends a picture; its path."""
    answer = who.upload(content, "me.jpg", "image/jpeg", path=AVATAR)
    assert answer.status_code == 201, answer.content
    return answer.json()["avatar_url"]


def sees(viewer: Uploader, owner: Uploader) -> tuple[str | None, bool]:
    """What the profile says to a viewer, and whether the picture opens."""
    shown = viewer.get(f"/api/v1/users/{owner.user.pk}/").json()["avatar_url"]
    path = f"/media/{User.objects.get(pk=owner.user.pk).avatar_id}/avatar.webp"
    answer = viewer.get(path)
    if answer.status_code == 200:
        content_of(answer)
    return shown, answer.status_code == 200


def test_a_picture_of_oneself(alice: Uploader, bob: Uploader, carol: Uploader) -> None:
    path = set_avatar(alice, encoded(picture(200, 100), "JPEG"))
    assert alice.get(path).status_code == 404  # not yet
    work()
    answer = alice.get(path)
    assert answer.headers["Content-Type"] == "image/webp"
    image = Image.open(BytesIO(content_of(answer)))
    assert image.size == (100, 100)
    assert alice.get("/api/v1/users/me/").json()["avatar_url"] == path
    assert people([alice.user.pk])[str(alice.user.pk)]["avatar_url"] == path
    assert sees(bob, alice) == (path, True)
    assert carol.get(path).status_code == 404
    medium = path.split("/")[2]
    answer = alice.delete(f"{API}{medium}/")
    assert (answer.status_code, code_of(answer)) == (409, "media_in_use")
    assert alice.delete(AVATAR).status_code == 204
    work()
    assert alice.get("/api/v1/users/me/").json()["avatar_url"] is None
    assert not Medium.objects.exists() and not Blob.objects.exists()
    assert alice.delete(AVATAR).status_code == 204


def test_who_sees_it_is_a_setting(alice: Uploader, bob: Uploader) -> None:
    path = set_avatar(alice, jpeg())
    work()
    for audience, shown in (("everyone", True), ("connections", True), ("nobody", False)):
        User.objects.filter(pk=alice.user.pk).update(privacy_avatar=audience)
        assert sees(bob, alice) == (path if shown else None, shown)
        assert people([alice.user.pk])[str(alice.user.pk)]["avatar_url"] == (
            path if shown else None
        )
        assert alice.get("/api/v1/users/me/").json()["avatar_url"] == path
        assert content_of(alice.get(path))
    User.objects.filter(pk=alice.user.pk).update(privacy_avatar="connections")
    bob.delete(f"/api/v1/connections/{alice.user.pk}/")
    assert bob.get(path).status_code == 404


def test_another_takes_its_place_when_it_is_ready(alice: Uploader, bob: Uploader) -> None:
    first = set_avatar(alice, jpeg())
    work()
    second = set_avatar(alice, jpeg(orientation=6))
    assert second != first
    assert Hold.objects.count() == 2
    work()
    assert sees(bob, alice) == (second, True)
    assert bob.get(first).status_code == 404
    assert Medium.objects.count() == Blob.objects.count() == 1
    # The same picture again, which is ready at once.
    third = set_avatar(alice, jpeg(orientation=6))
    work()
    assert sees(bob, alice) == (third, True)
    assert Medium.objects.count() == 1


def test_a_bad_picture_leaves_the_one_before(alice: Uploader, bob: Uploader) -> None:
    bad = jpeg()[:400]
    set_avatar(alice, bad)
    work()
    assert alice.get("/api/v1/users/me/").json()["avatar_url"] is None
    first = set_avatar(alice, jpeg())
    work()
    set_avatar(alice, bad)
    work()
    assert sees(bob, alice) == (first, True)
    assert Medium.objects.count() == 1


def test_several_at_once_leave_the_last(alice: Uploader, bob: Uploader) -> None:
    for orientation in (1, 6, 8):
        last = set_avatar(alice, jpeg(orientation))
    work()
    assert sees(bob, alice) == (last, True)
    assert Medium.objects.count() == 1


def test_only_pictures_of_some_size(alice: Uploader, settings: Any) -> None:
    settings.AVATAR_MAX_BYTES = 10_000
    for content, status, code in (
        (recording("wav", "", "pcm_s16le", seconds=0.02), 415, "media_type_mismatch"),
        (b"text", 415, "media_type_mismatch"),
        (b"x" * 10_001, 413, "media_too_large"),
        (b"", 400, "media_empty"),
    ):
        answer = alice.upload(content, path=AVATAR)
        assert (answer.status_code, code_of(answer)) == (status, code)
    assert alice.http.post(AVATAR).status_code == 400
    assert not Medium.objects.exists()


def test_a_picture_of_a_moving_one(alice: Uploader) -> None:
    moving = encoded(picture(), "GIF", save_all=True, append_images=[picture().rotate(180)])
    path = set_avatar(alice, moving)
    work()
    image = Image.open(BytesIO(content_of(alice.get(path))))
    assert getattr(image, "n_frames", 1) == 1
    assert get_medium(alice.user.pk, path.split("/")[2]).blob.duration is None
