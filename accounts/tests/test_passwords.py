"""Registration, login and change of password."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import RequestFactory
from pytest_django import Settings
from time_machine import TimeMachineFixture

from accounts.models import Device, User
from accounts.tests.acts import Caller, code_of, device_of, sign_in_by_code, signed_in

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"


def register(caller: Caller, username: str = "newcomer", **more: Any) -> Any:
    return caller.post("auth/register/", {"username": username, "password": PASSWORD, **more})


def login(caller: Caller, identifier: str, password: str = PASSWORD) -> Any:
    return caller.post("auth/login/", {"identifier": identifier, "password": password})


def test_register_and_sign_in_by_name(caller: Caller) -> None:
    answer = register(caller, "New.Comer_1", email="New@Example.com", phone="+49 151 12345678")
    assert answer.status_code == 201
    body = answer.json()
    assert body["created"] is True
    user = body["user"]
    assert user["username"] == "new.comer_1"
    assert (user["email"], user["phone"]) == (None, None)
    assert user["pending_email"] == "new@example.com"
    assert user["pending_phone"] == "+4915112345678"
    assert user["has_password"] is True
    again = login(caller, "NEW.comer_1")
    assert (again.status_code, again.json()["created"]) == (200, False)
    # The address is only claimed: it signs nobody in and is free for others.
    assert login(caller, "new@example.com").status_code == 401
    assert register(Caller(), "other", email="new@example.com").status_code == 201


def test_passwords_are_stored_by_argon2(caller: Caller, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = settings.PASSWORD_HASHERS[1:]  # ours, without the tests'
    assert register(caller).status_code == 201
    assert User.objects.get().password.startswith("argon2$argon2id$")
    assert login(caller, "newcomer").status_code == 200
    assert login(caller, "newcomer", "wrong").status_code == 401


def test_code_proves_a_pending_identifier(caller: Caller) -> None:
    caller.token = register(caller, email="new@example.com").json()["access"]
    proven = sign_in_by_code(caller, "new@example.com").json()["user"]
    assert (proven["email"], proven["pending_email"]) == ("new@example.com", None)
    assert login(Caller(), "New@Example.com").status_code == 200


def test_registering_with_a_proven_address_of_another_tells_nothing(
    caller: Caller, alice: User
) -> None:
    taken = register(caller, "one", email="alice@example.com").json()
    free = register(caller, "two", email="nobod@example.com").json()
    for answer in (taken, free):
        for name in ("id", "username", "pending_email", "date_joined"):
            del answer["user"][name]
    assert taken["user"] == free["user"]


def test_taken_username_in_any_case(caller: Caller, alice: User) -> None:
    taken = register(caller, "ALICE")
    assert (taken.status_code, code_of(taken)) == (409, "username_taken")


@pytest.mark.parametrize(
    "username",
    ["", "ab", "a" * 33, "with space", "dash-ed", "ümlaut", "ａｂｃ", "a\n", "abc\n", "deleted.1"],
)
def test_names_that_are_none(caller: Caller, username: str) -> None:
    refused = register(caller, username)
    assert (refused.status_code, code_of(refused)) == (400, "username_invalid")
    assert set(refused.json()["error"]["fields"]) == {"username"}


@pytest.mark.parametrize("password", ["short", "password", "12345678901", "newcomer1"])
def test_weak_passwords(caller: Caller, password: str) -> None:
    refused = register(caller, "newcomer", password=password)
    assert (refused.status_code, code_of(refused)) == (400, "password_weak")
    assert refused.json()["error"]["fields"]["password"]
    assert not User.objects.exists()


def test_login_by_username_email_and_phone(caller: Caller, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(phone="+4915112345678")
    for identifier in ("alice", "Alice ", "ALICE@example.com", "+49 151 12345678"):
        answer = login(caller, identifier)
        assert answer.status_code == 200, identifier
        assert answer.json()["user"]["id"] == str(alice.pk)


class CountingHasher(MD5PasswordHasher):
    """Counts the hashes that are made: what a login costs, and so how long it takes."""

    algorithm = "counting"
    made = 0

    def encode(self, password: str, salt: str) -> str:
        """One more."""
        CountingHasher.made += 1
        return super().encode(password, salt)


@pytest.mark.parametrize("phone", ["+4915112345678", None])
def test_a_name_like_somebodys_number_does_not_tell_whose_it_is(
    caller: Caller, settings: Settings, phone: str | None
) -> None:
    settings.PASSWORD_HASHERS = ["accounts.tests.test_passwords.CountingHasher"]
    User.objects.create_user("victim", "correct horse battery", phone=phone)
    User.objects.create_user("004915112345678", "correct horse battery")
    CountingHasher.made = 0
    assert login(caller, "004915112345678", "wrong").status_code == 401
    assert login(caller, "+4915112345678", "wrong").status_code == 401
    assert CountingHasher.made == 4


def test_wrong_password_and_nobody_look_alike(caller: Caller, alice: User, bob: User) -> None:
    answers = [
        login(caller, "alice", "wrong"),
        login(caller, "bob", "!"),
        login(caller, "nobody", "wrong"),
        login(caller, "nobody@example.com", "wrong"),
        login(caller, "not an identifier @", "wrong"),
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1


def test_a_name_that_looks_like_a_number_shadows_nobody(
    caller: Caller, alice: User, settings: Settings
) -> None:
    settings.DEFAULT_PHONE_REGION = "DE"
    User.objects.filter(pk=alice.pk).update(phone="+4915112345678")
    register(Caller(), "015112345678", password="another good password")
    assert login(caller, "015112345678").json()["user"]["username"] == "alice"
    other = login(caller, "015112345678", "another good password")
    assert other.json()["user"]["username"] == "015112345678"


def test_suspended_people_learn_so_only_with_the_password(caller: Caller, alice: User) -> None:
    User.objects.update(is_active=False)
    assert code_of(login(caller, "alice", "wrong")) == "credentials_invalid"
    suspended = login(caller, "alice")
    assert (suspended.status_code, code_of(suspended)) == (403, "account_suspended")


def test_wrong_passwords_of_one_account_run_out(
    alice: User, settings: Settings, clock: TimeMachineFixture
) -> None:
    settings.LOGIN_TRIES_PER_IDENTIFIER_PER_HOUR = 3
    for identifier in ("alice", " ALICE", "Alice@example.com"):
        assert login(Caller(), identifier, "wrong").status_code == 401
    refused = login(Caller(), "alice")
    assert refused.status_code == 429
    clock.shift(timedelta(seconds=int(refused.headers["Retry-After"])))
    assert login(Caller(), "alice").status_code == 200


def test_right_passwords_cost_nothing(alice: User, caller: Caller, settings: Settings) -> None:
    settings.LOGIN_TRIES_PER_IDENTIFIER_PER_HOUR = 1
    settings.LOGIN_TRIES_PER_IP_PER_HOUR = 1
    for _ in range(3):
        assert login(caller, "alice").status_code == 200


def test_one_address_runs_out_over_many_names(caller: Caller, settings: Settings) -> None:
    settings.LOGIN_TRIES_PER_IP_PER_HOUR = 3
    statuses = [login(caller, f"nobody{n}", "wrong").status_code for n in range(4)]
    assert statuses == [401, 401, 401, 429]
    assert login(Caller(), "nobody0", "wrong").status_code == 401


def test_the_admins_login_is_counted_too(alice: User, settings: Settings) -> None:
    settings.LOGIN_TRIES_PER_IDENTIFIER_PER_HOUR = 2
    request = RequestFactory().post("/admin/login/")
    assert authenticate(request, username="alice", password=PASSWORD) == alice
    for _ in range(2):
        assert authenticate(request, username="alice", password="wrong") is None
    assert authenticate(request, username="alice", password=PASSWORD) is None


def test_change_needs_the_current_password(alice: User) -> None:
    caller, other = signed_in(alice), signed_in(alice)
    body: dict[str, Any] = {"new": "a much better password"}
    refused = caller.post("auth/password/", body)
    assert (refused.status_code, code_of(refused)) == (403, "current_password_required")
    refused = caller.post("auth/password/", {**body, "current": "wrong"})
    assert (refused.status_code, code_of(refused)) == (400, "password_wrong")
    refused = caller.post("auth/password/", {"current": PASSWORD, "new": "short"})
    assert code_of(refused) == "password_weak"
    assert other.get("users/me/").status_code == 200

    changed = caller.post("auth/password/", {**body, "current": PASSWORD})
    assert changed.status_code == 200
    assert changed.json()["has_password"] is True
    assert caller.get("users/me/").status_code == 200
    assert other.get("users/me/").status_code == 401
    assert login(Caller(), "alice").status_code == 401
    assert login(Caller(), "alice", "a much better password").status_code == 200


def test_wrong_current_passwords_run_out(alice: User, settings: Settings) -> None:
    settings.LOGIN_TRIES_PER_IDENTIFIER_PER_HOUR = 2
    caller = signed_in(alice)
    body = {"new": "a much better password", "current": "wrong"}
    statuses = [caller.post("auth/password/", body).status_code for _ in range(3)]
    assert statuses == [400, 400, 429]


def test_a_code_replaces_the_current_password_for_ten_minutes(
    alice: User, caller: Caller, clock: TimeMachineFixture
) -> None:
    caller.token = sign_in_by_code(caller, "alice@example.com").json()["access"]
    by_password = signed_in(alice)
    body = {"new": "a much better password"}
    assert code_of(by_password.post("auth/password/", body)) == "current_password_required"
    assert caller.post("auth/password/", body).status_code == 200
    Device.objects.filter(pk=device_of(caller).pk).update(
        otp_at=device_of(caller).created_at - timedelta(minutes=10)
    )
    assert code_of(caller.post("auth/password/", body)) == "current_password_required"
