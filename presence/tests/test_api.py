"""Asking for presence: who may know what."""

import socket
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from django.test import override_settings
from rest_framework.test import APIClient

from accounts.models import User
from connections.actions.people import block_person
from connections.tests.acts import as_, ask, connect, make_person
from core.clock import now, rfc3339
from presence import access, queries, store
from presence.queries import online_ids, presence_of
from presence.store import Socket
from realtime.redis import sync_client

PRESENCE = "/api/v1/presence/"
SEEN = datetime(2026, 11, 20, 12, tzinfo=UTC)


def ask_for(viewer: User, *users: User | str) -> Any:
    """The viewer asks for the presence of some people."""
    ids = [str(user.pk) if isinstance(user, User) else user for user in users]
    return as_(viewer).get(PRESENCE, {"user": ids})


@pytest.fixture
def shown(alice: User) -> User:
    """Alice is online, and was seen before."""
    User.objects.filter(pk=alice.pk).update(last_seen_at=SEEN)
    store.touch([Socket(alice.pk, "1:web:1")], now().timestamp())
    return alice


@pytest.fixture
def group(db: None) -> Iterator[set[int]]:
    """Ids of people who share a group, as the chat app would tell."""
    members: set[int] = set()

    def sharing(viewer_id: int, ids: Sequence[int]) -> Collection[int]:
        return members & set(ids) if viewer_id in members else set()

    before = access._group_lookup
    access.register_group_lookup(sharing)
    yield members
    access._group_lookup = before


@contextmanager
def redis_at(path: str) -> Iterator[None]:
    """Another server than the real one."""
    sync_client.cache_clear()
    with override_settings(REDIS_URL=f"unix://{path}"):
        yield
    sync_client.cache_clear()
    queries._away_until = 0.0


@pytest.fixture
def no_redis() -> Iterator[None]:
    """A server that is not there."""
    with redis_at("/nowhere/valkey.sock"):
        yield


def test_the_answer_is_a_plain_array_in_the_order_asked(shown: User, bob: User) -> None:
    alice_row = {"user": str(shown.pk), "online": True, "last_seen": rfc3339(SEEN)}
    bob_row = {"user": str(bob.pk), "online": False, "last_seen": None}
    assert ask_for(bob, shown, bob, shown).json() == [alice_row, bob_row]
    assert ask_for(bob, bob, shown).json() == [bob_row, alice_row]


def test_nobody_asked_for_nobody_answered(alice: User) -> None:
    assert ask_for(alice).json() == []


def test_a_stranger_in_the_list_makes_it_404(shown: User, bob: User, carol: User) -> None:
    assert ask_for(bob, shown, carol).status_code == 404
    assert ask_for(carol, shown).status_code == 404
    for unknown in ("1", "x", "9" * 30, "", "\0"):
        assert ask_for(bob, shown, unknown).status_code == 404, unknown


def test_at_most_a_hundred_people(alice: User) -> None:
    assert ask_for(alice, *["1"] * 101).status_code == 400
    assert ask_for(alice, *[alice] * 100).status_code == 200


def test_an_open_request_shows_no_presence(shown: User, carol: User) -> None:
    ask(carol, shown)
    assert ask_for(carol, shown).json() == [
        {"user": str(shown.pk), "online": None, "last_seen": None}
    ]


SETTINGS = ("everyone", "connections", "nobody")


@pytest.mark.parametrize("hers", SETTINGS)
@pytest.mark.parametrize("mine", SETTINGS)
@pytest.mark.parametrize("tie", ["connected", "group", "blocked in group", "blocking in group"])
def test_every_pair_of_settings(
    shown: User, carol: User, group: set[int], hers: str, mine: str, tie: str
) -> None:
    group |= {shown.pk, carol.pk}
    if tie == "connected":
        connect(carol, shown)
        group.clear()
    if tie == "blocked in group":
        ask(carol, shown)
        block_person(blocker_id=shown.pk, blocked_id=carol.pk)
    if tie == "blocking in group":
        ask(carol, shown)
        block_person(blocker_id=carol.pk, blocked_id=shown.pk)
    audiences = {"connected": {"everyone", "connections"}, "group": {"everyone"}}.get(tie, set())
    expected = hers in audiences and mine != "nobody"
    for field, position in (("privacy_online", 0), ("privacy_last_seen", 1)):
        plain = {"privacy_online": "everyone", "privacy_last_seen": "everyone"}
        User.objects.filter(pk=shown.pk).update(**{**plain, field: hers})
        User.objects.filter(pk=carol.pk).update(**{**plain, field: mine})
        found = presence_of(carol.pk, [shown.pk])[shown.pk]
        assert (found[position] is not None) == expected
        # The other thing follows its own settings.
        assert (found[1 - position] is not None) == bool(audiences)


def test_a_group_makes_people_visible(shown: User, carol: User, group: set[int]) -> None:
    group |= {shown.pk, carol.pk}
    assert ask_for(carol, shown).json() == [
        {"user": str(shown.pk), "online": None, "last_seen": None}
    ]


def test_one_sees_oneself_whatever_the_settings(shown: User) -> None:
    User.objects.filter(pk=shown.pk).update(privacy_online="nobody", privacy_last_seen="nobody")
    assert ask_for(shown, shown).json() == [
        {"user": str(shown.pk), "online": True, "last_seen": rfc3339(SEEN)}
    ]


def test_the_contact_list_shows_presence(shown: User, bob: User) -> None:
    (row,) = as_(bob).get("/api/v1/connections/").json()["results"]
    assert (row["online"], row["last_seen"]) == (True, rfc3339(SEEN))
    User.objects.filter(pk=shown.pk).update(privacy_online="nobody", privacy_last_seen="nobody")
    (row,) = as_(bob).get("/api/v1/connections/").json()["results"]
    assert (row["online"], row["last_seen"]) == (None, None)


@pytest.mark.usefixtures("no_redis")
def test_without_redis_online_is_unknown_and_last_seen_is_not(alice: User, bob: User) -> None:
    User.objects.filter(pk=alice.pk).update(last_seen_at=SEEN)
    assert online_ids([alice.pk]) is None
    assert ask_for(bob, alice).json() == [
        {"user": str(alice.pk), "online": None, "last_seen": rfc3339(SEEN)}
    ]
    (row,) = as_(bob).get("/api/v1/connections/").json()["results"]
    assert (row["online"], row["last_seen"]) == (None, rfc3339(SEEN))


def test_a_redis_that_hangs_costs_one_caller_half_a_second(tmp_path: Path) -> None:
    path = str(tmp_path / "silent.sock")
    with socket.socket(socket.AF_UNIX) as silent, redis_at(path):
        silent.bind(path)
        silent.listen()
        began = perf_counter()
        assert online_ids([1]) is None
        first = perf_counter() - began
        assert [online_ids([1]) for _ in range(5)] == [None] * 5
        rest = perf_counter() - began - first
    assert 0.4 < first < 5
    assert rest < 0.1


def test_it_takes_as_many_queries_for_one_as_for_thirty(
    alice: User, bob: User, django_assert_num_queries: object
) -> None:
    friends = [make_person(f"friend{number}") for number in range(29)]
    for friend in friends:
        connect(friend, alice)
    # Whether they are visible: connections, blocks; then people, connections, blocks.
    with django_assert_num_queries(5):  # type: ignore[operator]
        ask_for(alice, bob)
    with django_assert_num_queries(5):  # type: ignore[operator]
        assert len(ask_for(alice, bob, *friends).json()) == 30


def test_a_stranger_must_sign_in() -> None:
    assert APIClient().get(PRESENCE).status_code == 401
