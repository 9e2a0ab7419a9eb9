"""Who is told when somebody comes or goes."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client

from accounts.models import User
from accounts.tests.test_admin import change_by_staff
from connections.actions.people import block_person, remove_connection
from connections.tests.acts import as_, connect, make_person
from core.clock import now, rfc3339
from presence import store
from presence.actions import note_sockets, sweep
from presence.store import Socket
from presence.tests.web import Web

AT = 1_800_000_000.0


def socket(user: User, name: str = "1:web:1") -> Socket:
    """A socket of the user's."""
    return Socket(user.pk, name)


def test_connections_hear_of_coming_and_going_and_strangers_do_not(
    web: Web, alice: User, bob: User, carol: User, dave: User
) -> None:
    web.watch(alice, bob, carol, dave)
    note_sockets([socket(alice)], [], AT)
    assert web.seen(bob) == [("user:online", {"user": str(alice.pk)})]
    note_sockets([], [socket(alice)], AT + 10)
    assert sweep(AT + 14) == []
    assert web.seen(bob) == []
    assert sweep(AT + 15) == [alice.pk]
    last_seen = datetime.fromtimestamp(AT + 10, UTC)
    assert web.seen(bob) == [
        ("user:offline", {"user": str(alice.pk), "last_seen": rfc3339(last_seen)})
    ]
    alice.refresh_from_db()
    assert alice.last_seen_at == last_seen
    for other in (alice, carol, dave):
        assert web.seen(other) == []


def test_a_second_device_is_no_news(web: Web, alice: User, bob: User) -> None:
    web.watch(bob)
    note_sockets([socket(alice)], [], AT)
    note_sockets([socket(alice, "2:web:2")], [], AT + 1)
    note_sockets([], [socket(alice)], AT + 2)
    assert sweep(AT + 30) == []
    assert [event for event, _ in web.seen(bob)] == ["user:online"]
    note_sockets([], [socket(alice, "2:web:2")], AT + 30)
    assert sweep(AT + 35) == [alice.pk]
    assert [event for event, _ in web.seen(bob)] == ["user:offline"]


def test_a_reconnect_within_the_grace_is_no_news(web: Web, alice: User, bob: User) -> None:
    web.watch(bob)
    note_sockets([socket(alice)], [], AT)
    note_sockets([], [socket(alice)], AT + 1)
    note_sockets([socket(alice, "1:web:2")], [], AT + 4)
    assert sweep(AT + 20) == []
    assert [event for event, _ in web.seen(bob)] == ["user:online"]


def test_a_crash_is_noticed_and_told(web: Web, alice: User, bob: User) -> None:
    web.watch(bob)
    note_sockets([socket(alice)], [], AT)
    note_sockets([socket(alice)], [], AT + 25)
    assert sweep(AT + 94) == []
    assert sweep(AT + 95) == [alice.pk]
    assert sweep(AT + 96) == []
    alice.refresh_from_db()
    assert alice.last_seen_at == datetime.fromtimestamp(AT + 25, UTC)
    assert [event for event, _ in web.seen(bob)] == ["user:online", "user:offline"]


def test_last_seen_never_goes_back(alice: User) -> None:
    later = datetime.fromtimestamp(AT + 1000, UTC)
    User.objects.filter(pk=alice.pk).update(last_seen_at=later)
    note_sockets([socket(alice)], [], AT)
    sweep(AT + 100)
    alice.refresh_from_db()
    assert alice.last_seen_at == later


@pytest.mark.parametrize(
    ("alices", "bobs", "online", "last_seen"),
    [
        ({}, {}, True, True),
        ({"privacy_online": "everyone", "privacy_last_seen": "everyone"}, {}, True, True),
        ({"privacy_online": "nobody"}, {}, False, False),
        ({"privacy_last_seen": "nobody"}, {}, True, False),
        ({}, {"privacy_online": "nobody"}, False, False),
        ({}, {"privacy_last_seen": "nobody"}, True, False),
    ],
)
def test_settings_of_both_decide_what_is_told(
    web: Web,
    alice: User,
    bob: User,
    alices: dict[str, str],
    bobs: dict[str, str],
    online: bool,
    last_seen: bool,
) -> None:
    User.objects.filter(pk=alice.pk).update(**alices)
    User.objects.filter(pk=bob.pk).update(**bobs)
    web.watch(bob)
    note_sockets([socket(alice)], [], AT)
    note_sockets([], [socket(alice)], AT + 1)
    sweep(AT + 10)
    seen = web.seen(bob)
    assert [event for event, _ in seen] == (["user:online", "user:offline"] if online else [])
    if online:
        assert (seen[1][1]["last_seen"] is not None) == last_seen


def test_one_may_know_more_than_the_other(web: Web, alice: User, bob: User, carol: User) -> None:
    connect(carol, alice)
    User.objects.filter(pk=carol.pk).update(privacy_last_seen="nobody")
    web.watch(bob, carol)
    note_sockets([socket(alice)], [], AT)
    note_sockets([], [socket(alice)], AT + 1)
    sweep(AT + 10)
    assert web.seen(bob)[1][1]["last_seen"] is not None
    assert web.seen(carol)[1][1]["last_seen"] is None


def test_removed_and_blocked_people_hear_nothing(
    web: Web, alice: User, bob: User, carol: User
) -> None:
    connect(carol, alice)
    web.watch(bob, carol)
    note_sockets([socket(alice)], [], AT)
    remove_connection(user_id=alice.pk, other_id=bob.pk)
    block_person(blocker_id=carol.pk, blocked_id=alice.pk)
    web.seen(bob), web.seen(carol)
    note_sockets([], [socket(alice)], AT + 1)
    sweep(AT + 10)
    note_sockets([socket(alice)], [], AT + 20)
    assert web.seen(bob) == web.seen(carol) == []


def set_online(user: User, audience: str) -> None:
    """The user changes who may see that they are online."""
    body = {"online": audience}
    assert as_(user).patch("/api/v1/users/me/privacy/", body, format="json").status_code == 200


def test_who_hides_goes_offline_at_once_and_who_shows_again_appears(
    web: Web,
    alice: User,
    bob: User,
    carol: User,
    django_capture_on_commit_callbacks: Any,
) -> None:
    connect(carol, alice)
    User.objects.filter(pk=carol.pk).update(privacy_online="nobody")
    web.watch(bob, carol)
    note_sockets([socket(alice)], [], now().timestamp())
    web.seen(bob)
    with django_capture_on_commit_callbacks(execute=True):
        set_online(alice, "nobody")
    assert web.seen(bob) == [("user:offline", {"user": str(alice.pk), "last_seen": None})]
    with django_capture_on_commit_callbacks(execute=True):
        set_online(alice, "everyone")
        set_online(alice, "connections")
    assert web.seen(bob) == [("user:online", {"user": str(alice.pk)})]
    assert web.seen(carol) == []


def test_whom_staff_hide_goes_offline_at_once(
    web: Web, alice: User, bob: User, django_capture_on_commit_callbacks: Any
) -> None:
    staff = Client()
    staff.force_login(User.objects.create_superuser("admin"))
    web.watch(bob)
    note_sockets([socket(alice)], [], now().timestamp())
    web.seen(bob)
    with django_capture_on_commit_callbacks(execute=True):
        change_by_staff(staff, alice, privacy_online="nobody")
    assert web.seen(bob) == [("user:offline", {"user": str(alice.pk), "last_seen": None})]


def test_hiding_while_offline_is_no_news(
    web: Web, alice: User, bob: User, django_capture_on_commit_callbacks: Any
) -> None:
    web.watch(bob)
    with django_capture_on_commit_callbacks(execute=True):
        set_online(alice, "nobody")
    assert web.seen(bob) == []


def test_two_friends_who_come_at_once_hear_of_each_other(web: Web, alice: User, bob: User) -> None:
    web.watch(alice, bob)
    note_sockets([socket(alice), socket(bob)], [], AT)
    assert web.seen(alice) == [("user:online", {"user": str(bob.pk)})]
    assert web.seen(bob) == [("user:online", {"user": str(alice.pk)})]


def test_who_returns_while_a_sweep_is_at_the_database_is_not_sent_off(
    web: Web, alice: User, bob: User
) -> None:
    web.watch(bob)
    note_sockets([socket(alice)], [], AT)

    def come_back(execute: object, sql: str, *rest: object) -> object:
        if "last_seen_at = seen.at" in sql:
            store.touch([socket(alice, "1:web:9")], AT + 100)
        return execute(sql, *rest)  # type: ignore[operator]

    with connection.execute_wrapper(come_back):
        assert sweep(AT + 100) == []
    assert store.online([alice.pk], AT + 101) == {alice.pk}
    assert [event for event, _ in web.seen(bob)] == ["user:online"]


def test_a_sweep_without_a_database_loses_nobody(web: Web, alice: User, bob: User) -> None:
    web.watch(bob)
    note_sockets([socket(alice)], [], AT)

    def fail(*_: object) -> None:
        raise DatabaseError("away")

    with connection.execute_wrapper(fail), pytest.raises(DatabaseError):
        sweep(AT + 100)
    assert sweep(AT + 101) == [alice.pk]
    assert [event for event, _ in web.seen(bob)] == ["user:online", "user:offline"]


def test_coming_and_going_cost_as_much_for_one_as_for_thirty(
    web: Web, alice: User, bob: User, django_assert_num_queries: object
) -> None:
    friends = [make_person(f"friend{number}") for number in range(29)]
    for friend in friends:
        connect(friend, alice)
        connect(friend, bob)
    crowd = [socket(person) for person in (alice, bob, *friends)]
    with django_assert_num_queries(1):  # type: ignore[operator]  # who watches
        note_sockets(crowd[:1], [], AT)
    with django_assert_num_queries(1):  # type: ignore[operator]
        note_sockets(crowd, [], AT)
    # A savepoint and its release, the locks, the times, who watches.
    with django_assert_num_queries(5):  # type: ignore[operator]
        assert len(sweep(AT + 100)) == 31
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert sweep(AT + 101) == []
