"""Answering and withdrawing requests."""

from datetime import timedelta

import pytest
import time_machine
from django.test import override_settings

from accounts.models import User
from connections.models import Connection
from connections.queries import are_connected, connected_ids
from connections.tests.acts import API, as_, ask, connect, make_person, told
from core.clock import now


def test_pending_requests_stand_in_both_lists(alice: User, bob: User, carol: User) -> None:
    to_alice, to_carol = ask(bob, alice), ask(alice, carol)
    lists = as_(alice).get(f"{API}requests/").json()
    assert [row["id"] for row in lists["incoming"]] == [str(to_alice.pk)]
    assert [row["id"] for row in lists["outgoing"]] == [str(to_carol.pk)]
    assert set(lists["users"]) == {str(user.pk) for user in (alice, bob, carol)}
    assert lists["users"][str(bob.pk)] == {
        "id": str(bob.pk),
        "username": "bob",
        "name": "Bob",
        "avatar_url": None,
    }


def test_accepting_connects_and_tells_both(alice: User, bob: User) -> None:
    request = ask(bob, alice)
    response = as_(alice).post(f"{API}requests/{request.pk}/accept/")
    assert response.status_code == 200
    assert response.json()["status"] == "accepted"
    assert are_connected(alice.pk, bob.pk)
    assert connected_ids(bob.pk) == {alice.pk}
    for user in (alice, bob):
        event, data = told(user)[-1]
        assert event == "connection:accepted"
        assert data["request"] == response.json()
    assert as_(alice).get(f"{API}requests/").json() == {
        "incoming": [],
        "outgoing": [],
        "users": {},
    }


def test_rejecting_tells_both_and_connects_nobody(alice: User, bob: User) -> None:
    request = ask(bob, alice)
    response = as_(alice).post(f"{API}requests/{request.pk}/reject/")
    assert response.status_code == 200
    assert response.json()["status"] == "rejected"
    assert not Connection.objects.exists()
    for user in (alice, bob):
        assert told(user)[-1][0] == "connection:rejected"
        assert told(user)[-1][1]["request"]["status"] == "rejected"


def test_withdrawing_tells_both(alice: User, bob: User) -> None:
    request = ask(bob, alice)
    assert as_(bob).delete(f"{API}requests/{request.pk}/").status_code == 204
    for user in (alice, bob):
        assert told(user)[-1][0] == "connection:rejected"
        assert told(user)[-1][1]["request"]["status"] == "withdrawn"
    assert as_(alice).get(f"{API}requests/").json()["incoming"] == []


@pytest.mark.parametrize("first", ["accept", "reject"])
@pytest.mark.parametrize("second", ["accept", "reject"])
def test_a_second_answer_is_refused(alice: User, bob: User, first: str, second: str) -> None:
    url = f"{API}requests/{ask(bob, alice).pk}/"
    assert as_(alice).post(f"{url}{first}/").status_code == 200
    response = as_(alice).post(f"{url}{second}/")
    assert response.status_code == 409
    assert response.json()["error"]["code"] == "not_pending"
    assert as_(bob).delete(url).status_code == 409


def test_only_the_owner_answers_and_only_the_scanner_withdraws(
    alice: User, bob: User, carol: User, dave: User
) -> None:
    url = f"{API}requests/{ask(bob, alice).pk}/"
    for user in (bob, carol, dave):
        assert as_(user).post(f"{url}accept/").status_code == 404
        assert as_(user).post(f"{url}reject/").status_code == 404
    for user in (alice, carol, dave):
        assert as_(user).delete(url).status_code == 404
    assert as_(alice).post(f"{url}accept/").status_code == 200


def test_an_expired_request_cannot_be_answered(alice: User, bob: User) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        url = f"{API}requests/{ask(bob, alice).pk}/"
        clock.shift(timedelta(days=7))
        assert as_(alice).post(f"{url}accept/").status_code == 409
        assert as_(bob).delete(url).status_code == 409
        assert as_(alice).get(f"{API}requests/").json()["incoming"] == []
    assert not Connection.objects.exists()


@pytest.mark.parametrize("bad", ["0", "-1", "9" * 19, "9" * 40, "abc", "1.5", "٣", "%00", "é"])
def test_odd_ids_are_absent_ones(alice: User, bad: str) -> None:
    client = as_(alice)
    assert client.post(f"{API}requests/{bad}/accept/").status_code == 404
    assert client.post(f"{API}requests/{bad}/reject/").status_code == 404
    assert client.delete(f"{API}requests/{bad}/").status_code == 404
    assert client.delete(f"{API}{bad}/").status_code == 404
    assert client.delete(f"{API}blocks/{bad}/").status_code == 404


@override_settings(CONNECTIONS_MAX=1)
def test_connections_are_bounded(alice: User, bob: User, carol: User) -> None:
    connect(bob, alice)
    request = ask(carol, alice)
    response = as_(alice).post(f"{API}requests/{request.pk}/accept/")
    assert response.status_code == 409
    assert response.json()["error"]["code"] == "connections_full"
    request.refresh_from_db()
    assert request.status == "pending"


def test_the_list_takes_two_queries_however_long(
    alice: User, django_assert_num_queries: object
) -> None:
    ask(make_person("friend"), alice)
    client = as_(alice)
    with django_assert_num_queries(2):  # type: ignore[operator]  # requests, people
        client.get(f"{API}requests/")
    for number in range(29):
        ask(make_person(f"friend{number}"), alice)
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert len(client.get(f"{API}requests/").json()["incoming"]) == 30
