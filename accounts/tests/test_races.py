"""Many at once: a code, a token, an identifier succeed once."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from accounts.models import Challenge, Counter, Device, User
from accounts.tests.acts import Caller, at_once, last_code, signed_in, wrong
from accounts.tokens import issue

pytestmark = pytest.mark.django_db(transaction=True)


def test_right_code_wins_once_of_forty_at_once(caller: Caller) -> None:
    caller.post("auth/otp/request/", {"identifier": "new@example.com"})
    body = {"identifier": "new@example.com", "code": last_code("new@example.com")}
    answers = at_once(40, lambda _: Caller().post("auth/otp/verify/", body))
    assert sorted(answer.status_code for answer in answers) == [200] + [410] * 39
    assert User.objects.count() == Device.objects.count() == 1


def test_forty_wrong_codes_at_once_get_five_tries(caller: Caller) -> None:
    caller.post("auth/otp/request/", {"identifier": "new@example.com"})
    body = {"identifier": "new@example.com", "code": wrong(last_code("new@example.com"))}
    answers = at_once(40, lambda _: Caller().post("auth/otp/verify/", body))
    assert sorted(answer.status_code for answer in answers) == [400] * 5 + [410] * 35


def test_twenty_requests_at_once_send_one_code() -> None:
    body = {"identifier": "new@example.com"}
    answers = at_once(20, lambda _: Caller().post("auth/otp/request/", body))
    assert sorted(answer.status_code for answer in answers) == [202] + [429] * 19
    assert Challenge.objects.count() == 1


def test_budget_of_an_address_holds_at_once(caller: Caller, settings: Settings) -> None:
    settings.OTP_PER_IP_PER_HOUR = 5
    answers = at_once(
        20, lambda n: caller.post("auth/otp/request/", {"identifier": f"new{n}@example.com"})
    )
    assert sorted(answer.status_code for answer in answers) == [202] * 5 + [429] * 15


def test_twenty_refreshes_at_once_get_one_answer(alice: User) -> None:
    device = Device.objects.create(user=alice)
    body = {"refresh": issue(device).refresh}
    answers = at_once(20, lambda _: Caller().post("auth/token/refresh/", body))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    device.refresh_from_db()
    assert device.generation == 2


def test_one_free_identifier_goes_to_one_account(alice: User, bob: User) -> None:
    callers = [signed_in(alice), signed_in(bob)]
    codes = []
    for caller in callers:
        Challenge.objects.update(created_at=alice.date_joined - timedelta(minutes=2))
        caller.post("auth/otp/request/", {"identifier": "new@example.com"})
        codes.append(last_code("new@example.com"))

    def verify(number: int) -> Any:
        body = {"identifier": "new@example.com", "code": codes[number]}
        return callers[number].post("auth/otp/verify/", body)

    assert sorted(answer.status_code for answer in at_once(2, verify)) == [200, 409]


def test_one_username_goes_to_one_account() -> None:
    body = {"username": "newcomer", "password": "correct horse battery"}
    answers = at_once(6, lambda _: Caller().post("auth/register/", body))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5


def test_wrong_passwords_at_once_are_all_counted(alice: User, settings: Settings) -> None:
    settings.LOGIN_TRIES_PER_IDENTIFIER_PER_HOUR = 3
    body = {"identifier": "alice", "password": "wrong"}
    answers = at_once(8, lambda _: Caller().post("auth/login/", body))
    assert sorted(answer.status_code for answer in answers) == [401] * 3 + [429] * 5
    assert len(Counter.objects.get(key__startswith="password:").hits) == 3


def test_logins_at_once_stay_within_the_devices_of_a_user(alice: User, settings: Settings) -> None:
    settings.DEVICES_PER_USER = 3
    body = {"identifier": "alice", "password": "correct horse battery"}
    at_once(6, lambda _: Caller().post("auth/login/", body))
    assert Device.objects.filter(revoked_at=None).count() == 3


def test_erasure_outruns_what_was_let_in_before(alice: User) -> None:
    """A request that waits for the row of someone who erases themselves writes nothing to it."""
    callers = [signed_in(alice) for _ in range(12)]
    code_sent = signed_in(alice)
    code_sent.post("auth/otp/request/", {"identifier": "new@example.com"})
    proof = {"identifier": "new@example.com", "code": last_code("new@example.com")}

    def act(number: int) -> Any:
        caller = callers[number]
        if number == 0:
            return caller.delete("users/me/")
        if number == 1:
            return code_sent.post("auth/otp/verify/", proof)
        if number % 3 == 0:
            return Caller().post(
                "auth/login/", {"identifier": "alice", "password": "correct horse battery"}
            )
        return caller.patch("users/me/", {"name": "Alice again", "username": f"alice{number}"})

    answers = at_once(12, act)
    assert answers[0].status_code == 204
    # 400: the code went with the account, in the moment between who sends it and the code.
    assert {answer.status_code for answer in answers} <= {200, 204, 400, 401, 403, 503}
    alice.refresh_from_db()
    assert (alice.name, alice.username) == ("Deleted account", f"deleted.{alice.pk}")
    assert (alice.email, alice.pending_email) == (None, "")
    assert not Device.objects.exists()
