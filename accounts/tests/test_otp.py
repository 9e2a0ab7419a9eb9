"""Codes: requested, answered, refused."""

import re
import stat
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from pytest_django import Settings
from time_machine import TimeMachineFixture

from accounts.models import Challenge, Device, User
from accounts.tests.acts import (
    Caller,
    code_of,
    last_code,
    outbox,
    sign_in_by_code,
    signed_in,
    wrong,
)

pytestmark = pytest.mark.django_db


def ask(caller: Caller, identifier: str) -> Any:
    return caller.post("auth/otp/request/", {"identifier": identifier})


def answer(caller: Caller, identifier: str, code: str) -> Any:
    return caller.post("auth/otp/verify/", {"identifier": identifier, "code": code})


def test_code_goes_to_the_outbox_normalised(caller: Caller) -> None:
    response = ask(caller, " New@Example.com ")
    assert response.status_code == 202
    assert response.json() == {
        "identifier": "new@example.com",
        "channel": "console",
        "expires_in": 300,
        "resend_in": 60,
    }
    (line,) = outbox()
    assert set(line) == {"at", "channel", "to", "code", "text"}
    assert (line["channel"], line["to"]) == ("email", "new@example.com")
    assert re.fullmatch(r"[0-9]{6}", line["code"])
    assert line["code"] in line["text"]
    mode = (django_settings.DATA_DIR / "outbox.jsonl").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_code_is_stored_only_as_a_keyed_hash(caller: Caller) -> None:
    ask(caller, "new@example.com")
    challenge = Challenge.objects.get()
    assert re.fullmatch(r"[0-9a-f]{64}", challenge.code_hash)
    assert last_code("new@example.com") not in challenge.code_hash


def test_first_login_makes_the_account_and_later_ones_find_it(
    caller: Caller, clock: TimeMachineFixture
) -> None:
    first = sign_in_by_code(
        caller, "+49 151 12345678", device={"name": "Phone", "platform": "android"}
    )
    assert first.status_code == 200
    body = first.json()
    assert body["created"] is True
    assert re.fullmatch(r"user[a-z0-9]{8}", body["user"]["username"])
    assert body["user"]["phone"] == "+4915112345678"
    assert body["user"]["has_password"] is False
    assert (body["device"]["name"], body["device"]["platform"]) == ("Phone", "android")
    assert body["device"]["current"] is True
    assert isinstance(body["user"]["id"], str)
    caller.token = body["access"]
    assert caller.get("users/me/").json() == body["user"]

    clock.shift(timedelta(minutes=2))
    second = sign_in_by_code(Caller(), "0049-151-12345678").json()
    assert second["created"] is False
    assert second["user"]["id"] == body["user"]["id"]
    assert second["device"]["id"] != body["device"]["id"]


def test_wrong_code_is_refused_and_counted(caller: Caller) -> None:
    ask(caller, "new@example.com")
    code = last_code("new@example.com")
    for _ in range(5):
        refused = answer(caller, "new@example.com", wrong(code))
        assert (refused.status_code, code_of(refused)) == (400, "otp_invalid")
    spent = answer(caller, "new@example.com", code)
    assert (spent.status_code, code_of(spent)) == (410, "otp_spent")
    assert not User.objects.exists()


def test_right_code_after_four_wrong_tries_is_taken(caller: Caller) -> None:
    ask(caller, "new@example.com")
    code = last_code("new@example.com")
    for _ in range(4):
        answer(caller, "new@example.com", wrong(code))
    spaced = f" {code[:3]} {code[3:]} "
    assert answer(caller, "new@example.com", spaced).status_code == 200


def test_code_is_good_once(caller: Caller) -> None:
    ask(caller, "new@example.com")
    code = last_code("new@example.com")
    assert answer(caller, "new@example.com", code).status_code == 200
    again = answer(caller, "new@example.com", code)
    assert (again.status_code, code_of(again)) == (410, "otp_spent")


def test_code_expires(caller: Caller, clock: TimeMachineFixture) -> None:
    ask(caller, "new@example.com")
    clock.shift(timedelta(seconds=301))
    late = answer(caller, "new@example.com", last_code("new@example.com"))
    assert (late.status_code, code_of(late)) == (410, "otp_expired")


def test_without_a_request_every_code_is_wrong(caller: Caller, alice: User) -> None:
    for identifier in ("alice@example.com", "nobody@example.com"):
        refused = answer(caller, identifier, "123456")
        assert (refused.status_code, code_of(refused)) == (400, "otp_invalid")


def test_code_of_one_identifier_is_wrong_for_another(caller: Caller) -> None:
    ask(caller, "one@example.com")
    ask(caller, "two@example.com")
    one, two = last_code("one@example.com"), last_code("two@example.com")
    if one != two:
        assert code_of(answer(caller, "two@example.com", one)) == "otp_invalid"
    assert answer(caller, "two@example.com", two).status_code == 200


def test_new_code_replaces_the_old(caller: Caller, clock: TimeMachineFixture) -> None:
    ask(caller, "new@example.com")
    old = last_code("new@example.com")
    clock.shift(timedelta(seconds=61))
    ask(caller, "new@example.com")
    new = last_code("new@example.com")
    if old != new:
        assert code_of(answer(caller, "new@example.com", old)) == "otp_invalid"
    assert answer(caller, "new@example.com", new).status_code == 200


def test_cooldown_holds_over_spellings(caller: Caller, clock: TimeMachineFixture) -> None:
    clock.move_to("2026-01-01T12:00:00Z", tick=False)
    assert ask(caller, "+49 151 12345678").status_code == 202
    refused = ask(Caller(), "0049 151 12345678")
    assert (refused.status_code, code_of(refused)) == (429, "rate_limited")
    assert refused.headers["Retry-After"] == "60"
    assert refused.json()["error"]["retry_after"] == 60
    clock.shift(timedelta(seconds=60))
    assert ask(caller, "+49 151 12345678").status_code == 202


def test_guessing_is_bounded_by_the_days_budget(caller: Caller, clock: TimeMachineFixture) -> None:
    guesses = 0
    for _ in range(30):
        if ask(Caller(), "new@example.com").status_code == 202:
            code = last_code("new@example.com")
            while answer(Caller(), "new@example.com", wrong(code)).status_code == 400:
                guesses += 1
        clock.shift(timedelta(minutes=10))
    assert guesses == 50


def test_days_budget_comes_back(caller: Caller, clock: TimeMachineFixture) -> None:
    for _ in range(10):
        assert ask(Caller(), "new@example.com").status_code == 202
        clock.shift(timedelta(minutes=2))
    refused = ask(caller, "new@example.com")
    assert refused.status_code == 429
    clock.shift(timedelta(seconds=int(refused.headers["Retry-After"])))
    assert ask(caller, "new@example.com").status_code == 202


def test_one_address_may_ask_sixty_times_an_hour(caller: Caller) -> None:
    statuses = [ask(caller, f"new{n}@example.com").status_code for n in range(61)]
    assert statuses == [202] * 60 + [429]
    assert ask(Caller(), "other@example.com").status_code == 202


def test_rate_limits_off_lifts_cooldown_and_budgets_but_not_tries(
    caller: Caller, settings: Settings
) -> None:
    settings.RATE_LIMITS = False
    for _ in range(12):
        assert ask(caller, "new@example.com").status_code == 202
    code = last_code("new@example.com")
    for _ in range(5):
        answer(caller, "new@example.com", wrong(code))
    assert code_of(answer(caller, "new@example.com", code)) == "otp_spent"


def test_answers_are_the_same_for_known_and_unknown(caller: Caller, alice: User) -> None:
    answers = []
    for identifier in ("alice@example.com", "nobod@example.com"):
        asked = ask(caller, identifier)
        code = last_code(identifier)
        refused = answer(caller, identifier, wrong(code))
        cooling = ask(caller, identifier)
        answers.append(
            [
                (response.status_code, response.content.replace(identifier.encode(), b"X"))
                for response in (asked, refused)
            ]
            + [(cooling.status_code, code_of(cooling))]
        )
        headers = set(asked.headers) - {"X-Request-ID"}
        answers[-1].append((0, sorted(headers)))
    assert answers[0] == answers[1]


def test_asking_costs_the_same_for_known_and_unknown(
    caller: Caller, alice: User, django_assert_num_queries: Any
) -> None:
    for identifier in ("alice@example.com", "nobody@example.com"):
        # savepoint and release, two counters, the last code, the new code
        with django_assert_num_queries(6):
            ask(caller, identifier)


def test_suspended_people_stay_out(caller: Caller, alice: User) -> None:
    User.objects.update(is_active=False)
    refused = sign_in_by_code(caller, "alice@example.com")
    assert (refused.status_code, code_of(refused)) == (403, "account_suspended")
    assert not Device.objects.exists()


def test_own_identifier_is_added_and_replaced(
    alice: User, caller: Caller, clock: TimeMachineFixture
) -> None:
    own = signed_in(alice)
    device = own.get("auth/devices/").json()["results"][0]
    added = sign_in_by_code(own, "+4915199999999")
    assert added.status_code == 200
    assert added.json()["created"] is False
    assert added.json()["user"]["phone"] == "+4915199999999"
    assert added.json()["device"]["id"] == device["id"]
    assert added.json()["user"]["email"] == "alice@example.com"
    own.token = added.json()["access"]
    assert own.get("users/me/").json()["phone"] == "+4915199999999"
    refreshed = caller.post("auth/token/refresh/", {"refresh": added.json()["refresh"]})
    assert refreshed.status_code == 200

    replaced = sign_in_by_code(own, "new@example.com").json()
    assert replaced["user"]["email"] == "new@example.com"
    clock.shift(timedelta(minutes=2))
    # The address she had is nobody's now.
    assert sign_in_by_code(caller, "alice@example.com").json()["created"] is True


def test_codes_of_the_two_purposes_do_not_mix(alice: User, caller: Caller) -> None:
    own = signed_in(alice)
    ask(own, "new@example.com")
    code = last_code("new@example.com")
    assert code_of(answer(caller, "new@example.com", code)) == "otp_invalid"
    assert answer(own, "new@example.com", code).status_code == 200


def test_anothers_identifier_is_refused_only_to_who_reads_its_codes(alice: User, bob: User) -> None:
    own = signed_in(bob)
    assert ask(own, "alice@example.com").status_code == 202
    code = last_code("alice@example.com")
    assert code_of(answer(own, "alice@example.com", wrong(code))) == "otp_invalid"
    taken = answer(own, "alice@example.com", code)
    assert (taken.status_code, code_of(taken)) == (409, "identifier_taken")
    assert code_of(answer(own, "alice@example.com", code)) == "otp_spent"
    bob.refresh_from_db()
    assert bob.email is None


def test_bad_token_is_refused_rather_than_ignored(caller: Caller) -> None:
    caller.token = "nonsense"
    assert ask(caller, "new@example.com").status_code == 401
    assert answer(caller, "new@example.com", "123456").status_code == 401


def test_pending_identifier_of_another_gives_no_access(caller: Caller) -> None:
    taken_in_advance = Caller().post(
        "auth/register/",
        {"username": "eve", "password": "correct horse battery", "email": "victim@example.com"},
    )
    assert taken_in_advance.status_code == 201
    victim = sign_in_by_code(caller, "victim@example.com").json()
    assert victim["created"] is True
    assert victim["user"]["id"] != taken_in_advance.json()["user"]["id"]
