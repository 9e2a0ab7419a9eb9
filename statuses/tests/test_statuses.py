"""Statuses: who sees them, who is told, and that nothing is left after a day."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.erasure import erase
from accounts.models import User
from chat.models import Message
from connections.actions.people import block_person, remove_connection
from connections.tests.acts import as_, at_once, connect, make_person
from core.clock import now
from media.models import Medium
from media.tests.acts import Uploader, work
from media.tests.samples import jpeg
from realtime.tests.published import Published
from statuses.actions import expire_statuses
from statuses.models import Status, View

API = "/api/v1/statuses/"
pytestmark = pytest.mark.django_db


def show(user: User, **body: Any) -> Any:
    """Posts a status, a text unless it says otherwise."""
    return as_(user).post(API, {"kind": "text", "text": "hello", **body}, format="json")


def seen_by(user: User) -> list[str]:
    """The ids of what is in the person's list."""
    return [row["id"] for row in as_(user).get(API).json()["results"]]


def opens(client: Uploader, url: str) -> int:
    """What somebody gets who opens a file."""
    answer = client.get(url)
    if answer.streaming:
        answer.getvalue()  # reads the file to its end, which closes it
    status: int = answer.status_code
    return status


def id_of(answer: Any) -> str:
    """Of what was posted."""
    assert answer.status_code == 201, answer.content
    found: str = answer.json()["id"]
    return found


def test_a_status_is_shown_to_connections_and_gone_after_a_day(
    alice: User,
    bob: User,
    carol: User,
    published: Published,
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        made = show(alice, background="#123456")
    status = made.json()
    assert (status["text"], status["viewed"], status["views_count"]) == ("hello", True, 0)
    (new,) = published.take("status:new")
    assert new.to == {alice.pk, bob.pk} and set(new.data["users"]) == {str(alice.pk)}
    page = as_(bob).get(API).json()
    (row,) = page["results"]
    assert row["id"] == status["id"] and row["viewed"] is False and row["views_count"] is None
    assert str(alice.pk) in page["users"]
    assert seen_by(carol) == [] and as_(carol).get(f"{API}{row['id']}/").status_code == 404
    # To the second: it is nobody's any more from the moment that it says.
    Status.objects.update(expires_at=now())
    assert seen_by(bob) == seen_by(alice) == []
    assert as_(bob).post(f"{API}{row['id']}/view/").status_code == 404
    assert expire_statuses(now(), dry_run=True) == 1 and Status.objects.exists()
    assert expire_statuses(now()) == 1 and not Status.objects.exists()


def test_the_audience_is_kept_to(alice: User, bob: User) -> None:
    erin = make_person("erin")
    connect(erin, alice)
    only = id_of(show(alice, audience={"only": [str(bob.pk)]}))
    besides = id_of(show(alice, audience={"except": [str(bob.pk)]}))
    assert (seen_by(bob), seen_by(erin)) == ([only], [besides])
    assert seen_by(alice) == [besides, only]
    assert as_(bob).get(f"{API}{besides}/").json()["error"]["code"] == "status_not_found"


def test_who_is_no_connection_any_more_sees_nothing(alice: User, bob: User) -> None:
    status = id_of(show(alice))
    assert seen_by(bob) == [status]
    remove_connection(user_id=alice.pk, other_id=bob.pk)
    assert seen_by(bob) == []
    connect(alice, bob)
    block_person(blocker_id=bob.pk, blocked_id=alice.pk)
    assert seen_by(bob) == []


def test_privacy_and_switches(alice: User, bob: User, settings: Any) -> None:
    status = id_of(show(alice))
    User.objects.filter(pk=alice.pk).update(privacy_statuses="nobody")
    assert seen_by(bob) == [] and seen_by(alice) == [status]
    User.objects.filter(pk=alice.pk).update(privacy_statuses="everyone")
    assert seen_by(bob) == [status]
    # Bob wants none: he is shown none, and shows none.
    theirs = id_of(show(bob))
    off = as_(bob).patch(f"{API}settings/", {"enabled": False}, format="json")
    assert off.json() == as_(bob).get(f"{API}settings/").json() == {"enabled": False}
    assert seen_by(bob) == [] and theirs not in seen_by(alice)
    assert show(bob).json()["error"]["code"] == "statuses_off"
    as_(bob).patch(f"{API}settings/", {"enabled": True}, format="json")
    assert seen_by(bob) == [status]
    # The whole server wants none.
    settings.STATUSES = False
    for answer in (as_(bob).get(API), show(bob), as_(bob).get(f"{API}{status}/")):
        assert answer.status_code == 404


def test_views_are_counted_once_and_told_if_both_tell_receipts(
    alice: User,
    bob: User,
    carol: User,
    published: Published,
    django_capture_on_commit_callbacks: Any,
) -> None:
    status = id_of(show(alice))
    published.take()
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            assert as_(bob).post(f"{API}{status}/view/").json()["viewed"] is True
        as_(alice).post(f"{API}{status}/view/")
        assert as_(carol).post(f"{API}{status}/view/").status_code == 404
    (view,) = published.take("status:view")
    assert view.to == {alice.pk} and view.data["user"] == str(bob.pk)
    assert as_(alice).get(f"{API}{status}/").json()["views_count"] == 1
    rows = as_(alice).get(f"{API}{status}/views/").json()
    assert [row["user"] for row in rows["results"]] == [str(bob.pk)]
    assert as_(bob).get(f"{API}{status}/views/").status_code == 404
    for silent in (alice, bob):
        User.objects.filter(pk=silent.pk).update(read_receipts=False)
        assert as_(alice).get(f"{API}{status}/").json()["views_count"] == 0
        assert as_(alice).get(f"{API}{status}/views/").json()["results"] == []
        User.objects.filter(pk=silent.pk).update(read_receipts=True)
    View.objects.all().delete()
    User.objects.filter(pk=bob.pk).update(read_receipts=False)
    with django_capture_on_commit_callbacks(execute=True):
        as_(bob).post(f"{API}{status}/view/")
    assert published.take("status:view") == []
    assert as_(bob).get(f"{API}{status}/").json()["viewed"] is True


def test_a_reply_goes_to_the_direct_chat(alice: User, bob: User, carol: User) -> None:
    status = id_of(show(alice))
    body = {"text": "nice", "client_id": "r-1"}
    reply = as_(bob).post(f"{API}{status}/reply/", body, format="json")
    assert reply.status_code == 201 and reply.json()["text"] == "nice"
    again = as_(bob).post(f"{API}{status}/reply/", body, format="json")
    assert (again.status_code, again.json()["id"]) == (200, reply.json()["id"])
    assert Message.objects.get().sender_id == bob.pk
    own = as_(alice).post(f"{API}{status}/reply/", body, format="json")
    assert own.json()["error"]["code"] == "own_status"
    for bad in ({"text": " "}, {"text": ""}, {}):
        assert as_(bob).post(f"{API}{status}/reply/", bad, format="json").status_code == 400
        strange = as_(carol).post(f"{API}{status}/reply/", bad, format="json")
        assert strange.status_code == 404


def test_taken_down_is_gone_for_all(
    alice: User, bob: User, published: Published, django_capture_on_commit_callbacks: Any
) -> None:
    status = id_of(show(alice))
    published.take()
    assert as_(bob).delete(f"{API}{status}/").status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        assert as_(alice).delete(f"{API}{status}/").status_code == 204
    (gone,) = published.take("status:deleted")
    assert gone.to == {alice.pk, bob.pk} and gone.data == {"status": status}
    assert seen_by(bob) == [] and as_(alice).delete(f"{API}{status}/").status_code == 404


def test_a_picture_is_shown_once_ready_and_goes_with_its_status(
    alice: User,
    bob: User,
    carol: User,
    published: Published,
    django_capture_on_commit_callbacks: Any,
) -> None:
    hers, his, strange = Uploader(alice), Uploader(bob), Uploader(carol)
    medium = hers.upload(jpeg()).json()["id"]
    status = id_of(show(alice, kind="image", text="look", media=medium))
    row = as_(bob).get(f"{API}{status}/").json()
    assert row["media"]["state"] == "processing" and row["media"]["url"] is None
    published.take()
    with django_capture_on_commit_callbacks(execute=True):
        work()
    told = published.take("status:new")[-1]
    url = told.data["status"]["media"]["url"]
    assert told.to == {alice.pk, bob.pk} and url
    assert (opens(his, url), opens(strange, url)) == (200, 404)
    assert hers.delete(f"/api/v1/media/{medium}/").json()["error"]["code"] == "media_in_use"
    Status.objects.update(expires_at=now() - timedelta(seconds=1))
    assert opens(his, url) == 404
    assert expire_statuses(now()) == 1
    assert not Medium.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "smoke"},
        {"text": ""},
        {"text": " \u200b"},
        {"text": "x" * 701},
        {"kind": "image"},
        {"media": "1"},
        {"background": "red;}"},
        {"audience": {"only": [], "except": []}},
        {"audience": "all"},
        {"client_id": "a b"},
    ],
)
def test_nonsense_is_refused(alice: User, body: dict[str, Any]) -> None:
    assert show(alice, **body).status_code == 400
    assert not Status.objects.exists()


def test_what_is_not_ones_own_is_not_found(alice: User, bob: User, carol: User) -> None:
    medium = Uploader(bob).upload(jpeg()).json()["id"]
    assert show(alice, kind="image", media=medium).json()["error"]["code"] == "media_not_found"
    theirs = Uploader(alice).upload(b"just a text", "a.txt").json()["id"]
    assert show(alice, kind="image", media=theirs).json()["error"]["code"] == "media_kind"
    only = show(alice, audience={"only": [str(carol.pk)]})
    assert only.json()["error"]["code"] == "user_not_found"


def test_a_repeat_shows_once_and_very_many_are_too_many(alice: User, settings: Any) -> None:
    first, again = show(alice, client_id="s-1"), show(alice, client_id="s-1")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    other = show(alice, client_id="s-1", text="other")
    assert other.json()["error"]["code"] == "client_id_reused"
    settings.STATUSES_PER_PERSON = 1
    assert show(alice).json()["error"]["code"] == "statuses_full"


def test_the_list_costs_the_same_however_long(alice: User, bob: User) -> None:
    client = as_(bob)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(API)
        return len(queries)

    show(alice)
    one = count()
    for _ in range(20):
        show(alice)
    assert count() == one
    page = client.get(f"{API}?limit=5").json()
    rest = client.get(f"{API}?limit=100&cursor={page['next']}").json()
    assert (len(page["results"]), len(rest["results"])) == (5, 16)


def test_an_erased_person_shows_nothing(alice: User, bob: User) -> None:
    id_of(show(alice))
    theirs = id_of(show(bob))
    as_(alice).post(f"{API}{theirs}/view/")
    erase(alice.pk)
    assert seen_by(bob) == [theirs] and not View.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_many_looks_at_once_are_one_view(alice: User, bob: User) -> None:
    status = id_of(show(alice))
    answers = at_once([lambda: as_(bob).post(f"{API}{status}/view/").status_code] * 4)
    assert answers == [200] * 4 and View.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_repeat_at_once_shows_once(alice: User) -> None:
    answers = at_once([lambda: show(alice, client_id="s-1").status_code] * 4)
    assert sorted(answers) == [200, 200, 200, 201]
