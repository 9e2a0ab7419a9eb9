"""The list: what comes into it, what goes, and who is told."""

from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from accounts.erasure import erase
from accounts.models import User
from connections.actions.people import block_person, remove_connection
from connections.actions.requests import accept_request, reject_request, withdraw_request
from connections.tests.acts import as_, ask, at_once
from notifications.actions.notices import notify, read_notifications, retract
from notifications.models import Notification
from notifications.tests.acts import API, badge, get, kinds, send, told


def names(user: User) -> list[str]:
    """The notifications' events in the personal log."""
    return [event for event, _ in told(user) if event.startswith("notification")]


def test_a_request_is_told_to_who_may_answer_it_and_goes_with_the_answer(
    alice: User, carol: User
) -> None:
    request = ask(carol, alice)
    page = get(alice)
    (row,) = [one for one in page["results"] if one["by"] == str(carol.pk)]
    assert row == row | {
        "kind": "connection_request", "by": str(carol.pk), "data": {"request": str(request.pk)},
        "read_at": None,
    }  # fmt: skip
    assert str(carol.pk) in page["users"]
    event, data = told(alice)[-1]
    assert (event, data) == ("notification:new", {"notification": row})
    accept_request(owner_id=alice.pk, request_id=request.pk)
    assert told(alice)[-1] == ("notification:removed", {"notification": row["id"]})
    assert row not in get(alice)["results"]
    (accepted,) = get(carol)["results"]
    assert (accepted["kind"], accepted["by"]) == ("connection_accepted", str(alice.pk))


@pytest.mark.parametrize("end", ["reject", "withdraw", "block"])
def test_a_request_that_ends_otherwise_leaves_no_notification(
    alice: User, carol: User, end: str
) -> None:
    before = kinds(alice)
    request = ask(carol, alice)
    match end:
        case "reject":
            reject_request(owner_id=alice.pk, request_id=request.pk)
        case "withdraw":
            withdraw_request(scanner_id=carol.pk, request_id=request.pk)
        case _:
            block_person(blocker_id=alice.pk, blocked_id=carol.pk)
    assert (kinds(alice), kinds(carol)) == (before, [])
    assert names(alice)[-2:] == ["notification:new", "notification:removed"]


def test_pages_are_by_time_and_cost_the_same(
    carol: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(7):
        notify([carol.pk], f"kind{n}")
    seen: list[str] = []
    cursor = ""
    while True:
        page = get(carol, f"?limit=3{cursor}")
        seen += [row["kind"] for row in page["results"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert seen == [f"kind{n}" for n in reversed(range(7))]
    with django_assert_num_queries(1):
        get(carol)


def test_reading_reads_up_to_one_and_tells_own_devices(alice: User, carol: User) -> None:
    rows = [notify([carol.pk], "thing")[0] for _ in range(3)]
    answer = send(carol, "post", "read/", {"up_to": str(rows[1].pk)})
    assert (answer.status_code, answer.json()) == (200, {"unread": 1})
    read = [row["read_at"] is not None for row in get(carol)["results"]]
    assert read == [False, True, True]
    event, data = told(carol)[-1]
    assert event == "notification:read"
    assert data["notifications"] == [str(row.pk) for row in rows[:2]]
    send(carol, "post", "read/", {"up_to": str(rows[1].pk)})
    assert names(carol) == ["notification:new"] * 3 + ["notification:read"], "no news, no event"


@pytest.mark.parametrize(
    ("body", "status"),
    [({}, 400), ({"up_to": 5}, 400), ({"up_to": "x"}, 404), ({"up_to": "9" * 30}, 404)],
)
def test_what_is_not_ones_own_cannot_be_read(
    carol: User, alice: User, body: Any, status: int
) -> None:
    assert send(carol, "post", "read/", body).status_code == status
    (strange,) = notify([alice.pk], "thing")
    assert send(carol, "post", "read/", {"up_to": str(strange.pk)}).status_code == 404
    strange.refresh_from_db()
    assert strange.read_at is None


def test_one_key_makes_one_until_it_is_read_and_is_taken_back_whole(carol: User) -> None:
    (first,) = notify([carol.pk], "reaction", key="reaction:1-2")
    assert notify([carol.pk], "reaction", key="reaction:1-2") == []
    read_notifications(carol.pk, first.pk)
    assert len(notify([carol.pk], "reaction", key="reaction:1-2")) == 1
    retract([carol.pk], "reaction:1-2")
    assert kinds(carol) == []
    assert names(carol)[-2:] == ["notification:removed"] * 2


@pytest.mark.django_db(transaction=True)
def test_of_two_of_one_key_at_once_one_is_made(carol: User) -> None:
    def tell() -> int:
        with transaction.atomic():
            return len(notify([carol.pk], "reaction", key="reaction:1-2"))

    assert sorted(at_once([tell] * 4)) == [0, 0, 0, 1]
    assert names(carol) == ["notification:new"]


@pytest.mark.django_db(transaction=True)
def test_reading_at_the_same_time_reads_just_what_the_log_says(carol: User) -> None:
    rows = [notify([carol.pk], "thing")[0] for _ in range(4)]
    acts: list[Any] = [partial(read_notifications, carol.pk, row.pk) for row in rows]
    acts += [partial(notify, [carol.pk], "thing")] * 4
    assert not [one for one in at_once(acts) if isinstance(one, Exception)]
    events = [data["notifications"] for event, data in told(carol) if event.endswith("read")]
    read = {id for ids in events for id in ids}
    unread = Notification.objects.filter(user=carol, read_at=None)
    assert read == {str(row.pk) for row in Notification.objects.exclude(read_at=None)}
    assert unread.count() == 4


def test_switches_of_the_settings(alice: User, carol: User) -> None:
    send(alice, "patch", "settings/", {"connections": False, "reactions": False})
    before = kinds(alice)
    ask(carol, alice)
    assert notify([alice.pk, carol.pk], "reaction") and kinds(alice) == before
    assert kinds(carol) == ["reaction"]


def test_erasing_takes_what_one_did_from_the_lists_of_others(
    alice: User, bob: User, carol: User
) -> None:
    ask(carol, alice)
    remove_connection(user_id=alice.pk, other_id=bob.pk)
    erase(carol.pk)
    assert "connection_request" not in kinds(alice)
    assert told(alice)[-1][0] == "user:erased"
    # Bob is nobody's any more, but alice's list had him: she hears of it.
    notify([alice.pk], "thing", by=bob.pk)
    notify([bob.pk], "thing", by=alice.pk)
    erase(bob.pk)
    assert not Notification.objects.filter(user=bob).exists()
    assert (told(alice)[-1], badge(alice)) == (("user:erased", {"user": str(bob.pk)}), 0)


def test_the_newest_page_uses_the_index(alice: User, carol: User) -> None:
    Notification.objects.bulk_create(
        Notification(user=user, kind="thing") for user in [alice] * 2000 + [carol] * 40
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE notifications_notification")
    plan = Notification.objects.filter(user=carol).order_by("-id")[:50].explain()
    assert "notification_of_user" in plan
    assert badge(carol) == 40


def test_strangers_are_signed_in_first() -> None:
    for path in ("", "badge/", "settings/", "vapid-key/"):
        assert APIClient().get(f"{API}{path}").status_code == 401
    assert APIClient().post(f"{API}push/", {}, format="json").status_code == 401


def test_settings_have_defaults_and_keep_what_is_absent(carol: User) -> None:
    default = {
        "push": True, "preview": False, "mail": False, "reactions": True, "connections": True,
        "quiet_from": None, "quiet_to": None, "time_zone": "UTC",
    }  # fmt: skip
    assert get(carol, "settings/") == default
    quiet = {"quiet_from": "22:00", "quiet_to": "06:30", "time_zone": "Europe/Berlin"}
    answer = send(carol, "patch", "settings/", quiet)
    assert (answer.status_code, answer.json()) == (200, default | quiet)
    assert get(carol, "settings/") == default | quiet
    send(carol, "patch", "settings/", {"quiet_from": None, "quiet_to": None, "preview": True})
    changed = {"time_zone": "Europe/Berlin", "preview": True}
    assert get(carol, "settings/") == default | changed


@pytest.mark.parametrize(
    "body",
    [
        {"quiet_from": "22:00"},
        {"quiet_to": "22:00"},
        {"quiet_from": "22:00", "quiet_to": "22:00"},
        {"quiet_from": "24:00", "quiet_to": "06:00"},
        {"quiet_from": "7:00", "quiet_to": "08:00"},
        {"quiet_from": "22:00\n", "quiet_to": "06:00"},
        {"time_zone": "Mars/Base"},
        {"time_zone": "../../etc/passwd"},
        {"time_zone": "Europe"},
        {"push": "yes"},
        {"push": None},
        [],
    ],
)
def test_settings_that_make_no_sense_are_refused_whole(carol: User, body: Any) -> None:
    assert send(carol, "patch", "settings/", body).status_code == 400
    assert get(carol, "settings/")["quiet_from"] is None
    assert as_(carol).get(f"{API}settings/").json()["push"] is True
