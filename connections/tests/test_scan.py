"""Scanning a code."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import override_settings
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from connections.actions.people import block_person
from connections.actions.qr import make_qr
from connections.actions.requests import withdraw_request
from connections.models import ConnectionRequest, QrToken
from connections.tests.acts import API, as_, ask, connect, told
from core.clock import now, rfc3339
from realtime.tests.published import Published


def scan(user: User, token: str) -> Any:
    """The user's app reads a code."""
    return as_(user).post(f"{API}scan/", {"token": token}, format="json")


def code_of(response: Any) -> str:
    """The stable code of a refusal."""
    code: str = response.json()["error"]["code"]
    return code


def test_a_scan_opens_a_request_and_tells_both(
    alice: User,
    bob: User,
    published: Published,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    token = make_qr(owner_id=alice.pk).token
    with django_capture_on_commit_callbacks(execute=True):
        response = scan(bob, token)
    assert response.status_code == 201
    request = response.json()
    row = ConnectionRequest.objects.get()
    assert request == {
        "id": str(row.pk),
        "from": str(bob.pk),
        "to": str(alice.pk),
        "status": "pending",
        "expires_at": rfc3339(row.created_at + timedelta(days=7)),
        "created_at": rfc3339(row.created_at),
    }
    for user in (alice, bob):
        ((event, data),) = told(user)
        assert event == "connection:request"
        # The log keeps no names: they would outlive an erasure.
        assert data == {"request": request}
    pushes = published.take("connection:request")
    assert [push.to for push in pushes] == [{one} for one in sorted([alice.pk, bob.pk])]
    for push in pushes:
        assert push.data["request"] == request
        assert {one["username"] for one in push.data["users"].values()} == {"alice", "bob"}


def test_a_token_works_once(alice: User, bob: User, carol: User) -> None:
    token = make_qr(owner_id=alice.pk).token
    assert scan(bob, token).status_code == 201
    assert scan(carol, token).status_code == 410
    assert scan(bob, token).status_code == 410


def test_a_token_ends_with_its_time(alice: User, bob: User, carol: User) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        token = make_qr(owner_id=alice.pk).token
        clock.shift(timedelta(seconds=300))
        assert scan(bob, token).status_code == 410
        clock.shift(-timedelta(milliseconds=1))
        assert scan(carol, token).status_code == 201


def test_an_unknown_token_is_gone(alice: User) -> None:
    response = scan(alice, "x" * 32)
    assert response.status_code == 410
    assert code_of(response) == "qr_gone"


def test_own_token(alice: User) -> None:
    response = scan(alice, make_qr(owner_id=alice.pk).token)
    assert response.status_code == 400
    assert code_of(response) == "own_token"
    assert QrToken.objects.get().used_at is None


def test_connected_people_do_not_spend_a_token(alice: User, bob: User, carol: User) -> None:
    connect(bob, alice)
    token = make_qr(owner_id=alice.pk).token
    response = scan(bob, token)
    assert response.status_code == 409
    assert code_of(response) == "already_connected"
    assert scan(carol, token).status_code == 201


def test_one_open_request_between_two_people(alice: User, bob: User) -> None:
    ask(bob, alice)
    for scanner, owner in ((bob, alice), (alice, bob)):
        token = make_qr(owner_id=owner.pk).token
        response = scan(scanner, token)
        assert response.status_code == 409
        assert code_of(response) == "request_pending"
        assert QrToken.objects.get(owner=owner).used_at is None


def test_a_block_in_either_direction_looks_like_a_used_token(alice: User, dave: User) -> None:
    unknown = scan(dave, "x" * 32)
    for scanner, owner in ((dave, alice), (alice, dave)):
        response = scan(scanner, make_qr(owner_id=owner.pk).token)
        assert response.status_code == 410
        assert response.json() == unknown.json()
    assert not ConnectionRequest.objects.exists()


def test_a_closed_request_leaves_room_for_another(alice: User, bob: User) -> None:
    withdraw_request(scanner_id=bob.pk, request_id=ask(bob, alice).pk)
    assert scan(bob, make_qr(owner_id=alice.pk).token).status_code == 201


def test_an_expired_request_leaves_room_before_it_is_cleared(alice: User, bob: User) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        old = ask(bob, alice)
        clock.shift(timedelta(days=7))
        assert scan(alice, make_qr(owner_id=bob.pk).token).status_code == 201
    old.refresh_from_db()
    assert old.status == "expired"
    assert [event for event, _ in told(bob)] == [
        "connection:request",
        "connection:rejected",
        "connection:request",
    ]


def test_the_code_of_a_suspended_or_erased_person_is_gone(alice: User, bob: User) -> None:
    token = make_qr(owner_id=alice.pk).token
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert scan(bob, token).status_code == 410


@override_settings(SCANS_PER_ACCOUNT_PER_HOUR=3)
def test_guessing_is_slowed(alice: User, bob: User) -> None:
    token = make_qr(owner_id=alice.pk).token
    for number in range(3):
        assert scan(bob, f"guess{number}").status_code == 410
    response = scan(bob, token)
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    with override_settings(RATE_LIMITS=False):
        assert scan(bob, token).status_code == 201


@override_settings(OPEN_REQUESTS_MAX=1)
def test_open_requests_are_bounded_on_both_sides(alice: User, bob: User, carol: User) -> None:
    ask(bob, alice)
    full = as_(alice).post(f"{API}qr/")
    assert (full.status_code, code_of(full)) == (409, "requests_full")
    response = scan(bob, make_qr(owner_id=carol.pk).token)
    assert (response.status_code, code_of(response)) == (409, "requests_full")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b'"token"',
        b"{",
        b'{"token": null}',
        b'{"token": 5}',
        b'{"token": ["a"]}',
        b'{"token": "a\\u0000b"}',
        b'{"token": "\\ud800"}',
        b'{"token": "\xff"}',
        b'{"token": "%s"}' % (b"x" * 300),
    ],
)
def test_bad_bodies_are_400(alice: User, body: bytes) -> None:
    response = as_(alice).post(f"{API}scan/", body, content_type="application/json")
    assert response.status_code == 400, response.content


@pytest.mark.parametrize("token", ["", " ", "ä", "😀", "x' OR 1=1", "../..", "x" * 200])
def test_odd_tokens_are_unknown_ones(alice: User, token: str) -> None:
    assert scan(alice, token).status_code == 410


def test_scan_does_not_show_a_blocker_a_request(alice: User, bob: User) -> None:
    request = ask(bob, alice)
    block_person(blocker_id=alice.pk, blocked_id=bob.pk)
    request.refresh_from_db()
    assert request.status == "rejected"
