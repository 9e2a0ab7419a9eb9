"""Who hears that somebody has another name or picture."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Thread
from typing import Any

import pytest
from django.db import DatabaseError, connections, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts import erasure
from accounts.erasure import erase
from accounts.log import head
from accounts.models import Device, User
from accounts.profile import profile_changed, tell_profile
from chat.actions.clearing import clear_chat
from chat.tests.acts import bare_group, fill, make_chat, make_group, names, pages_of_sync, sync_once
from chat.tests.test_link_previews import work as work_as_worker
from chat.tests.test_lock_order import at_least_wait
from connections.actions.people import block_person
from connections.tests.acts import as_, connect, told
from core.clock import now
from media.tests.acts import Uploader, content_of, work
from media.tests.samples import jpeg
from notifications.actions.notices import notify
from realtime.tests.process import wait_for
from realtime.tests.published import Published

pytestmark = pytest.mark.django_db(transaction=True)

ME = "/api/v1/users/me/"
JOB = "accounts.tell_profile"


def tell(published: Published) -> dict[int, dict[str, Any]]:
    """Runs the jobs that tell of profiles; what each was pushed of the person, by their id."""
    waiting = ProcrastinateJob.objects.filter(task_name=JOB, status="todo")
    published.take()
    for job in list(waiting):
        tell_profile(**job.args)
        ProcrastinateJob.objects.filter(pk=job.pk)._raw_delete("default")
    pushes = published.take("user:updated")
    return {one: push.data["users"][push.data["user"]] for push in pushes for one in push.to}


def test_who_knows_somebody_hears_of_their_name_and_all_others_do_not(
    alice: User, bob: User, carol: User, dave: User, published: Published
) -> None:
    connect(bob, carol)
    make_group(bob, alice, carol)  # which is all that alice and carol share
    start = as_(bob).get("/api/v1/sync/").json()
    assert as_(alice).patch(ME, {"name": "Alice Away"}, format="json").status_code == 200
    news = tell(published)
    assert news.keys() == {alice.pk, bob.pk, carol.pk}
    assert {person["name"] for person in news.values()} == {"Alice Away"}
    assert told(dave) == []
    # Who was away learns it by a sync; the log keeps no name, which would outlive an erasure.
    assert told(bob)[-1] == ("user:updated", {"user": str(alice.pk)})
    as_(alice).patch(ME, {"name": "Alice Back"}, format="json")
    answer = sync_once(bob, heads={}, **start)
    (event,) = [one for one in answer["events"] if one["event"] == "user:updated"]
    assert event["data"]["users"][str(alice.pk)]["name"] == "Alice Back"
    assert answer["users"][str(alice.pk)]["name"] == "Alice Back"


def test_who_only_has_a_notification_left_of_somebody_is_not_told(
    alice: User, bob: User, dave: User, published: Published
) -> None:
    notify([dave.pk], "connection_accepted", by=alice.pk)
    as_(alice).patch(ME, {"name": "Alice Away"}, format="json")
    assert tell(published).keys() == {alice.pk, bob.pk}


def test_only_what_others_see_of_a_profile_is_told(
    alice: User, bob: User, published: Published
) -> None:
    for body in ({"about": "Busy"}, {"name": alice.name}, {}):
        as_(alice).patch(ME, body, format="json")
    as_(alice).patch(f"{ME}privacy/", {"avatar": "nobody"}, format="json")  # there is none to hide
    as_(alice).delete(f"{ME}avatar/")
    assert tell(published) == {}


def test_ones_own_devices_hear_of_changed_privacy_at_once_and_nobody_else(
    alice: User, bob: User, published: Published
) -> None:
    published.take()
    as_(alice).patch(f"{ME}privacy/", {"avatar": "nobody", "typing": False}, format="json")
    (push,) = published.take("user:updated")
    assert (push.data["user"], push.to) == (str(alice.pk), {alice.pk})
    as_(alice).patch(f"{ME}privacy/", {"typing": False}, format="json")  # as it was
    assert published.take("user:updated") == []
    assert tell(published) == {}


def test_a_picture_is_told_when_it_can_be_opened_hidden_and_gone(
    alice: User, bob: User, published: Published, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    client = Uploader(alice)
    path = client.upload(jpeg(), "me.jpg", "image/jpeg", path=f"{ME}avatar/").json()["avatar_url"]
    assert tell(published) == {}
    work()
    assert tell(published)[bob.pk]["avatar_url"] == path
    assert content_of(Uploader(bob).get(path))
    for audience, shown in (("nobody", None), ("connections", path), ("everyone", None)):
        as_(alice).patch(f"{ME}privacy/", {"avatar": audience}, format="json")
        news = tell(published)
        if audience == "everyone":
            assert news == {}  # the same people are told the same path
        else:
            assert news[bob.pk]["avatar_url"] == shown
    client.call("DELETE", f"{ME}avatar/")
    assert tell(published)[bob.pk]["avatar_url"] is None


def test_changes_that_come_together_are_told_once_and_soon(
    alice: User, bob: User, published: Published, settings: Any
) -> None:
    begin = now()
    as_(alice).patch(ME, {"name": "A"}, format="json")
    job = ProcrastinateJob.objects.get(task_name=JOB, status="todo")
    pause = timedelta(seconds=settings.PROFILE_NEWS_SECONDS)
    assert begin + pause <= job.scheduled_at <= now() + pause
    for name in ("B", "C"):
        as_(alice).patch(ME, {"name": name}, format="json")
    # Not put off by the later ones, or who changes on and on would never be told of.
    assert ProcrastinateJob.objects.get(task_name=JOB, status="todo") == job
    assert tell(published)[bob.pk]["name"] == "C"
    assert [event for event, _ in told(bob)].count("user:updated") == 1


def test_a_sync_tells_once_of_each_person_however_often_they_changed(
    alice: User, bob: User, published: Published, settings: Any
) -> None:
    start = as_(bob).get("/api/v1/sync/").json()
    for user, name in ((alice, "A"), (bob, "B"), (alice, "C"), (alice, "D")):
        as_(user).patch(ME, {"name": name}, format="json")
        tell(published)
    whole = [[(bob.pk, 2), (alice.pk, 4)]]
    # Within a page, as one may be the client's last for now.
    by_two = [[(bob.pk, 2), (alice.pk, 3)], [(alice.pk, 4)]]
    for page, expected in ((500, whole), (2, by_two)):
        settings.SYNC_PAGE_EVENTS = page
        answers = list(pages_of_sync(bob, heads={}, **start))
        begin = start["position"]
        news = [
            [
                (int(one["data"]["user"]), one["data"]["position"] - begin)
                for one in answer["events"]
            ]
            for answer in answers
        ]
        assert news == expected
        assert answers[-1]["position"] == begin + 4


def test_a_sync_tells_of_each_person_up_to_its_position_and_not_later(
    alice: User, bob: User, published: Published, settings: Any
) -> None:
    chats = [bare_group(bob) for _ in range(3)]
    start = as_(bob).get("/api/v1/sync/").json()
    tell_profile(user_id=alice.pk)
    for chat in chats:
        fill(chat, bob, 1)
        clear_chat(bob.pk, chat)
    tell_profile(user_id=alice.pk)
    # Of what is cleared the chat is told too: the last of these have no room any more.
    settings.SYNC_PAGE_EVENTS = 6
    first, second = pages_of_sync(bob, heads=dict.fromkeys(chats, 1), **start)
    cleared, news = "chat:cleared", "user:updated"
    assert names(first["events"]) == [news, cleared, cleared, *["chat:updated"] * 2]
    assert names(second["events"]) == [cleared, news, "chat:updated"]
    assert (first["position"], second["position"]) == (start["position"] + 3, head(bob.pk))


def test_what_is_told_when_telling_fails_is_told_later_and_keeps_no_newer_change_waiting(
    alice: User, bob: User, published: Published, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PROFILE_NEWS_SECONDS = 0
    fails = iter([True])

    def knows(user_id: int) -> list[int]:
        if next(fails, False):
            profile_changed(user_id)  # while it is told of the one before
            raise DatabaseError
        return []

    monkeypatch.setattr(erasure, "_meets", [*erasure._meets, knows])
    as_(alice).patch(ME, {"name": "A"}, format="json")
    published.take()
    work_as_worker()
    (later,) = ProcrastinateJob.objects.filter(task_name=JOB)
    assert (later.status, later.attempts) == ("todo", 1) and later.scheduled_at > now()
    assert bob.pk in {one for push in published.take("user:updated") for one in push.to}
    as_(alice).patch(ME, {"name": "B"}, format="json")
    work_as_worker()
    assert ProcrastinateJob.objects.get(task_name=JOB) == later
    assert bob.pk in {one for push in published.take("user:updated") for one in push.to}


def test_nothing_is_told_of_one_who_is_erased(alice: User, bob: User, published: Published) -> None:
    Device.objects.create(user=alice)
    as_(alice).patch(ME, {"name": "Alice Away"}, format="json")
    profile_changed(alice.pk)
    erase(alice.pk)
    assert tell(published) == {}
    assert told(bob)[-1][0] == "user:erased"


def block(bob: int, alice: int) -> None:
    """They share no chat: with the connection all is over that they had in common."""
    block_person(blocker_id=bob, blocked_id=alice)


def be_erased(bob: int, alice: int) -> None:
    """Likewise."""
    erase(bob)


@pytest.mark.parametrize("leave", [block, be_erased])
def test_who_leaves_while_it_is_told_hears_nothing(
    alice: User,
    bob: User,
    carol: User,
    published: Published,
    leave: Callable[[int, int], None],
) -> None:
    connect(alice, carol)
    published.take()
    teller = Thread(target=apart, args=(tell_profile, alice.pk))
    with transaction.atomic():
        leave(bob.pk, alice.pk)
        before = told(bob)
        teller.start()
        wait_for(partial(at_least_wait, 1))  # by now it has found bob among those who know her
    teller.join(30)
    pushes = published.take("user:updated")
    assert {one for push in pushes for one in push.to} == {alice.pk, carol.pk}
    assert told(bob) == before


def test_who_meets_them_while_it_is_told_hears_of_it(
    alice: User, bob: User, carol: User, published: Published
) -> None:
    teller = Thread(target=apart, args=(tell_profile, alice.pk))
    meeting = Thread(target=apart, args=(bare_group, bob, alice, carol))
    with transaction.atomic():
        as_(alice).patch(ME, {"name": "Alice Away"}, format="json")
        teller.start()
        wait_for(partial(at_least_wait, 1))  # by now it has not found carol
        meeting.start()  # and reads what she was called before
        meeting.join(30)
    teller.join(30)
    pushes = published.take("user:updated")
    assert {one for push in pushes for one in push.to} == {alice.pk, bob.pk, carol.pk}


def test_an_erased_person_who_still_stands_in_a_chat_is_not_told(
    alice: User, bob: User, published: Published
) -> None:
    make_chat(alice, bob)
    erase(bob.pk)
    as_(alice).patch(ME, {"name": "Alice Away"}, format="json")
    assert tell(published).keys() == {alice.pk}


def apart(act: Callable[..., Any], *args: Any) -> None:
    """Acts on a connection of its own."""
    try:
        act(*args)
    finally:
        connections.close_all()
