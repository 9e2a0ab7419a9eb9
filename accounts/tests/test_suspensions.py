"""Suspended and banned accounts: shut out everywhere, told why, and let in again by themselves."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from time_machine import TimeMachineFixture

from accounts import tokens
from accounts.erasure import erase
from accounts.models import Device, User
from accounts.suspensions import expire_suspensions, lift, on_suspend, suspend
from accounts.tests.acts import Caller, at_once, code_of, sign_in_by_code, signed_in
from core.clock import now
from core.errors import AppError, NotFound

pytestmark = pytest.mark.django_db

PASSWORD = {"identifier": "alice", "password": "correct horse battery"}
SHORT = timedelta(minutes=5)


def refresh_of(user: User) -> str:
    """The refresh token of a new device."""
    return tokens.issue(Device.objects.create(user=user)).refresh


def test_a_suspension_shuts_out_and_ends_by_itself(
    alice: User, caller: Caller, clock: TimeMachineFixture, django_assert_num_queries: Any
) -> None:
    phone, refresh = signed_in(alice), refresh_of(alice)
    browser = Client()
    browser.force_login(alice)
    suspend(alice.pk, until=now() + SHORT, reason="Spam in Rowers.")
    assert code_of(phone.get("users/me/")) == "device_revoked"
    assert browser.get("/api/v1/users/me/").status_code == 401
    refused = caller.post("auth/token/refresh/", {"refresh": refresh})
    assert (refused.status_code, code_of(refused)) == (401, "refresh_invalid")
    for answer in (
        caller.post("auth/login/", PASSWORD),
        sign_in_by_code(caller, "alice@example.com"),
    ):
        error = answer.json()["error"]
        assert (answer.status_code, error["code"]) == (403, "account_suspended")
        assert error["message"] == (
            "This account is suspended until 2026-06-01 12:05 UTC: Spam in Rowers."
        )
        assert 290 <= error["retry_after"] <= 301
    # A wrong password learns nothing of it.
    assert caller.post("auth/login/", {**PASSWORD, "password": "wrong"}).status_code == 401

    clock.shift(SHORT)
    assert phone.get("users/me/").status_code == 200
    alice.refresh_from_db()
    assert (alice.is_active, alice.suspended_until, alice.suspension_reason) == (True, None, "")
    with django_assert_num_queries(1):
        tokens.device_of(str(phone.token))


@pytest.mark.parametrize("way", ["refresh", "login", "code", "job", "command"])
def test_any_way_back_is_open_once_it_is_over(
    way: str, alice: User, caller: Caller, clock: TimeMachineFixture
) -> None:
    refresh = refresh_of(alice)
    suspend(alice.pk, until=now() + SHORT, reason="x")
    clock.shift(SHORT)
    match way:
        case "refresh":
            assert caller.post("auth/token/refresh/", {"refresh": refresh}).status_code == 200
        case "login":
            assert caller.post("auth/login/", PASSWORD).status_code == 200
        case "code":
            assert sign_in_by_code(caller, "alice@example.com").status_code == 200
        case "job":
            assert (expire_suspensions(now(), dry_run=True), expire_suspensions(now())) == (1, 1)
        case "command":
            call_command("expire")
    alice.refresh_from_db()
    assert alice.is_active


def test_a_ban_has_no_end_until_it_is_lifted(
    alice: User, caller: Caller, clock: TimeMachineFixture
) -> None:
    phone = signed_in(alice)
    suspend(alice.pk, until=now() + SHORT, reason="Spam.")
    suspend(alice.pk, until=None, reason="More spam.")
    clock.shift(timedelta(days=9999))
    assert expire_suspensions(now()) == 0
    error = caller.post("auth/login/", PASSWORD).json()["error"]
    assert error == {
        "code": "account_suspended",
        "message": "This account is suspended: More spam.",
    }
    clock.move_to("2026-06-01T12:00:00Z")
    lift(alice.pk)
    assert phone.get("users/me/").status_code == 200


def test_what_apps_registered_happens_with_it(alice: User) -> None:
    from accounts import suspensions

    ended: list[int] = []
    on_suspend(ended.append)
    try:
        suspend(alice.pk, until=None, reason="")
    finally:
        suspensions._callbacks.remove(ended.append)
    assert ended == [alice.pk]


def test_the_erased_are_neither_suspended_nor_let_in(
    alice: User, clock: TimeMachineFixture
) -> None:
    suspend(alice.pk, until=now() + SHORT, reason="about alice")
    erase(alice.pk)
    alice.refresh_from_db()
    assert (alice.suspended_until, alice.suspension_reason) == (None, "")
    with pytest.raises(NotFound):
        suspend(alice.pk, until=None, reason="")
    with pytest.raises(NotFound):
        lift(alice.pk)
    User.objects.filter(pk=alice.pk).update(suspended_until=now() - SHORT)
    assert expire_suspensions(now()) == 0


@pytest.mark.django_db(transaction=True)
def test_nobody_slips_in_beside_a_suspension(alice: User) -> None:
    """Whichever commits first: afterwards no token of alice's works."""
    for _ in range(5):
        lift(alice.pk)

        def act(number: int) -> Any:
            try:
                if number == 0:
                    return suspend(alice.pk, until=None, reason="")
                return Caller().post("auth/login/", PASSWORD)
            except AppError as error:
                return error

        _, *answers = at_once(4, act)
        for answer in answers:
            assert answer.status_code in {200, 403}
            if answer.status_code == 200:
                assert Caller(answer.json()["access"]).get("users/me/").status_code == 401
