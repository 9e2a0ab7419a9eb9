"""Who gets at which medium, what holds it, and how it goes."""

from collections.abc import Collection, Iterator
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client, TestCase
from pytest_django import DjangoAssertNumQueries, Settings

from core.errors import NotFound
from media import access, hooks
from media.access import own_media, register_reader
from media.actions.media import hold, release
from media.models import Blob, Hold, Medium
from media.queries import payloads_of
from media.storage import storage
from media.tests.acts import API, Uploader, code_of, content_of, work
from media.tests.samples import encoded, jpeg, picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[tuple[int, int]]]:
    """Pairs of a viewer and a medium that an app above shows them."""
    pairs: set[tuple[int, int]] = set()
    monkeypatch.setattr(access, "_readers", [])

    def reader(viewer_id: int, medium_ids: Collection[int]) -> set[int]:
        return {one for one in medium_ids if (viewer_id, one) in pairs}

    register_reader(reader)
    yield pairs


def stored() -> set[str]:
    """The names of all files in the storage."""
    directories = storage().listdir("")[0] if storage().exists("") else []
    return {name for directory in directories for name in storage().listdir(directory)[1]}


def ids(*media: dict[str, Any]) -> list[int]:
    """Ids as they are inside."""
    return [int(medium["id"]) for medium in media]


def test_only_the_owner_and_whom_it_is_shown(
    alice: Uploader, bob: Uploader, carol: Uploader, dave: Uploader, shown: set[tuple[int, int]]
) -> None:
    medium = alice.has(jpeg())
    paths = [f"{API}{medium['id']}/", medium["url"], medium["thumbnail_url"]]
    for path in paths:
        assert content_of(alice.get(path))
        for other in (bob, carol, dave):
            answer = other.get(path)
            assert (answer.status_code, code_of(answer)) == (404, "media_not_found")
    shown.add((bob.user.pk, int(medium["id"])))
    for path in paths:
        assert content_of(bob.get(path))
        assert carol.get(path).status_code == 404
    assert bob.get(paths[0]).json() == medium
    # Seeing is not owning.
    assert code_of(bob.delete(paths[0])) == "media_not_found"
    shown.clear()
    assert [bob.get(path).status_code for path in paths] == [404] * 3
    for odd in ("1", "x", "9" * 30, "%00", "\u0663"):
        assert alice.get(f"{API}{odd}/").status_code == 404
        assert alice.get(f"/media/{odd}/x").status_code == 404


def test_nobody_and_the_revoked_open_nothing(alice: Uploader) -> None:
    medium = alice.has(jpeg())
    alice.user.devices.update(revoked_at="2026-01-01T00:00:00Z")
    for path in (f"{API}{medium['id']}/", medium["url"]):
        answer = alice.get(path)
        assert (answer.status_code, code_of(answer)) == (401, "device_revoked")
        answer = Client().get(path)
        assert (answer.status_code, code_of(answer)) == (401, "unauthenticated")


def test_only_ones_own_can_be_attached(alice: Uploader, bob: Uploader) -> None:
    one, two = alice.has(jpeg()), alice.has(b"text")
    found = own_media(alice.user.pk, [two["id"], one["id"]])
    assert [medium.pk for medium in found] == ids(two, one)
    assert own_media(alice.user.pk, []) == []
    for wanted in ([one["id"]], [one["id"], "1"], ["x"]):
        with pytest.raises(NotFound) as refusal:
            own_media(bob.user.pk, wanted)
        assert refusal.value.code == "media_not_found"


def test_payloads_of_many_take_one_query(
    alice: Uploader, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    media = [alice.has(jpeg()), alice.has(b"text"), alice.has(b"other text")]
    with django_assert_num_queries(1):
        found = payloads_of([*ids(*media), 5])
    assert found == dict(zip(ids(*media), media, strict=True))
    with django_assert_num_queries(0):
        assert payloads_of([]) == {}


def test_a_medium_goes_with_the_last_that_holds_it(alice: Uploader) -> None:
    medium = alice.has(jpeg())
    path = f"{API}{medium['id']}/"
    hold(ids(medium), "message", 7)
    hold(ids(medium), "message", 7)
    hold(ids(medium), "message", 8)
    hold(ids(medium), "status", 7)
    answer = alice.delete(path)
    assert (answer.status_code, code_of(answer)) == (409, "media_in_use")
    release("message", [7, 8, 9])
    work()
    assert content_of(alice.get(medium["url"]))
    assert len(stored()) == 2
    release("status", [7])
    assert alice.get(path).status_code == 404
    work()
    assert stored() == set()
    assert not Medium.objects.exists() and not Hold.objects.exists() and not Blob.objects.exists()
    with pytest.raises(NotFound):
        hold(ids(medium), "message", 9)


def test_the_owner_deletes_what_nothing_holds(alice: Uploader) -> None:
    medium = alice.has(b"text")
    assert alice.delete(f"{API}{medium['id']}/").status_code == 204
    assert alice.delete(f"{API}{medium['id']}/").status_code == 404
    work()
    assert stored() == set()


def test_the_same_content_is_kept_once_a_person(alice: Uploader, bob: Uploader) -> None:
    first = alice.has(jpeg(), "one.jpg")
    answer = alice.upload(jpeg(), "two.jpg").json()
    # It is known already, and ready at once.
    assert (answer["state"], answer["name"]) == ("ready", "two.jpg")
    assert answer["id"] != first["id"] and answer["blurhash"] == first["blurhash"]
    work()
    assert len(stored()) == 2
    theirs = bob.has(jpeg(), "one.jpg")
    assert len(stored()) == 4  # whether somebody else has it is not told
    alice.delete(f"{API}{first['id']}/")
    work()
    for owner, medium in ((alice, answer), (bob, theirs)):
        assert content_of(owner.get(medium["url"]))
    alice.delete(f"{API}{answer['id']}/")
    work()
    assert len(stored()) == 2
    assert alice.has(jpeg())["state"] == "ready"


def test_everybody_has_so_much_room(alice: Uploader, bob: Uploader, settings: Settings) -> None:
    settings.MEDIA_QUOTA_BYTES = 1000
    first = alice.has(b"a" * 600)
    answer = alice.upload(b"b" * 600)
    assert (answer.status_code, code_of(answer)) == (413, "quota_exceeded")
    assert bob.upload(b"b" * 600).status_code == 201
    alice.delete(f"{API}{first['id']}/")
    work()
    assert alice.upload(b"b" * 600).status_code == 201


def test_bad_forms(alice: Uploader, settings: Settings) -> None:
    settings.MEDIA_MAX_BYTES = 1000
    cases: list[tuple[Any, int, str]] = [
        (alice.upload(b"x" * 1001), 413, "media_too_large"),
        (alice.upload(b""), 400, "media_empty"),
        (alice.upload(b"x", kind="nonsense"), 400, "invalid"),
        (alice.http.post(API), 400, "invalid"),
        (alice.http.post(API, {"file": "no file"}), 400, "invalid"),
        (alice.http.post(API, {"file": "x" * 300_000}), 413, "body_too_large"),
        (alice.http.post(API, {"other": encoded(picture(), "PNG")}), 400, "invalid"),
        (alice.call("POST", API, b"{}"), 415, "unsupported_type"),
        (alice.call("POST", API, b"x", content_type="multipart/form-data"), 400, "invalid"),
        (
            alice.call("POST", API, b"--x\r\n", content_type="multipart/form-data; boundary=x"),
            400,
            "invalid",
        ),
        (alice.http.post(API, {str(n): "x" for n in range(1500)}), 400, "invalid"),
    ]
    for number, (answer, status, code) in enumerate(cases):
        assert (answer.status_code, code_of(answer)) == (status, code), number
    assert not Medium.objects.exists() and stored() == set()


def test_others_hear_when_it_is_processed(alice: Uploader, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[tuple[int, str]] = []
    monkeypatch.setattr(hooks, "_on_processed", [])

    @hooks.on_processed
    def processed(medium_ids: Collection[int]) -> None:
        assert transaction.get_connection().in_atomic_block
        heard.extend((one, Medium.objects.get(pk=one).blob.state) for one in medium_ids)

    with TestCase.captureOnCommitCallbacks(execute=True):
        one, two = alice.upload(jpeg()).json(), alice.upload(jpeg()).json()
    bad = alice.upload(jpeg()[:300]).json()
    work()
    assert heard == [*((id_, "ready") for id_ in ids(one, two)), (ids(bad)[0], "rejected")]


def test_a_content_belongs_to_one_person_once(alice: Uploader) -> None:
    alice.has(b"text")
    blob = Blob.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Blob.objects.create(
            owner=alice.user, sha256=blob.sha256, kind="file", mime="", uploaded_size=1, size=1
        )


def test_a_person_can_be_deleted_with_all_they_have(alice: Uploader) -> None:
    hold(ids(alice.has(b"text")), "message", 1)
    alice.user.delete()
    assert not Blob.objects.exists() and not Medium.objects.exists()
