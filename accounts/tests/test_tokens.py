"""Access and refresh tokens."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import jwt
import pytest
from pytest_django import DjangoAssertNumQueries, Settings
from time_machine import TimeMachineFixture

from accounts import tokens
from accounts.models import Device, User
from accounts.tests.acts import Caller, code_of
from core.errors import Unauthenticated
from core.keys import derived_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def device(clock: TimeMachineFixture, alice: User) -> Device:
    return Device.objects.create(user=alice, name="Phone")


def refresh(token: str) -> Any:
    return Caller().post("auth/token/refresh/", {"refresh": token})


def test_access_token_says_who_and_where_in_one_query(
    device: Device, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    caller = Caller(tokens.issue(device).access)
    with django_assert_num_queries(1):
        assert caller.get("users/me/").json()["username"] == "alice"
    with django_assert_num_queries(1):
        session = tokens.session_of(tokens.issue(device).access)
    assert (session.user_id, session.device_id) == (device.user_id, device.pk)


def test_access_token_lives_ten_minutes(device: Device, clock: TimeMachineFixture) -> None:
    caller = Caller(tokens.issue(device).access)
    clock.shift(timedelta(seconds=590))
    assert caller.get("users/me/").status_code == 200
    clock.shift(timedelta(seconds=11))
    late = caller.get("users/me/")
    assert (late.status_code, code_of(late)) == (401, "token_expired")
    assert late.headers["WWW-Authenticate"] == "Bearer"


def test_access_token_of_a_day_for_load_tests(device: Device, clock: TimeMachineFixture) -> None:
    pair = tokens.issue(device, access_lifetime=timedelta(days=1))
    clock.shift(timedelta(hours=23))
    assert Caller(pair.access).get("users/me/").status_code == 200


def test_refused_token_is_refused_in_a_browser_too(caller: Caller) -> None:
    caller.token = "nonsense"
    answer = caller.get("users/me/", Accept="text/html")
    assert answer.status_code == 401


def test_no_token_is_401(caller: Caller) -> None:
    answer = caller.get("users/me/")
    assert (answer.status_code, code_of(answer)) == (401, "unauthenticated")


def claims_of(device: Device) -> dict[str, Any]:
    return jwt.decode(tokens.issue(device).access, options={"verify_signature": False})


def signed(claims: dict[str, Any], key: str, headers: dict[str, Any] | None = None) -> str:
    return jwt.encode(claims, key, algorithm="HS256", headers=headers)


def test_only_our_own_access_tokens_are_taken(device: Device) -> None:
    key = derived_key("access").hex()
    good = claims_of(device)
    assert tokens.session_of(signed(good, key)).device_id == device.pk
    other_user = User.objects.create_user("mallory")
    header, body, signature = tokens.issue(device).access.split(".")
    none = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
    bad = [
        "",
        "Bearer",
        "a.b.c",
        "\u00e9" * 10,
        "x" * 100_000,
        f"{none}.{body}.",
        f"{none}.{body}.{signature}",
        f"{header}.{body}.",
        signed(good, "0" * 64),
        signed(good, "secret-of-django-itself-is-not-it-" * 2),
        jwt.encode(good, key, algorithm="HS512"),
        signed(good, key, {"crit": ["exp"]}),
        signed({**good, "typ": "refresh"}, key),
        signed({**good, "aud": "other"}, key),
        signed({**good, "aud": []}, key),
        signed({**good, "iss": "other"}, key),
        signed({**good, "sub": str(other_user.pk)}, key),
        signed({**good, "sub": "x"}, key),
        signed({**good, "device": "0"}, key),
        tokens.issue(device).refresh,
        *(
            signed({name: value for name, value in good.items() if name != missing}, key)
            for missing in ("typ", "aud", "iss", "sub", "device", "exp", "jti")
        ),
    ]
    for token in bad:
        with pytest.raises(Unauthenticated):
            tokens.session_of(token)


def test_refresh_rotates(device: Device, clock: TimeMachineFixture) -> None:
    first = tokens.issue(device)
    clock.shift(timedelta(minutes=9))
    answer = refresh(first.refresh)
    assert answer.status_code == 200
    second = answer.json()
    assert set(second) == {"access", "refresh"}
    assert second["refresh"] != first.refresh
    assert Caller(second["access"]).get("users/me/").status_code == 200
    assert Caller(first.access).get("users/me/").status_code == 200
    assert refresh(second["refresh"]).status_code == 200


def test_used_token_gets_the_same_answer_within_the_grace(
    device: Device, clock: TimeMachineFixture
) -> None:
    token = tokens.issue(device).refresh
    answer = refresh(token)
    clock.shift(timedelta(seconds=9))
    assert refresh(token).content == answer.content
    # Also when its successor has been used meanwhile.
    following = refresh(answer.json()["refresh"])
    assert refresh(token).content == answer.content
    assert refresh(answer.json()["refresh"]).content == following.content
    device.refresh_from_db()
    assert device.generation == 3


def test_reuse_after_the_grace_revokes_the_device(
    device: Device, clock: TimeMachineFixture
) -> None:
    token = tokens.issue(device).refresh
    successor = refresh(token).json()
    clock.shift(timedelta(seconds=11))
    reused = refresh(token)
    assert (reused.status_code, code_of(reused)) == (401, "refresh_reused")
    device.refresh_from_db()
    assert device.revoked_at is not None
    assert refresh(successor["refresh"]).status_code == 401
    dead = Caller(successor["access"]).get("users/me/")
    assert (dead.status_code, code_of(dead)) == (401, "device_revoked")


def test_rotations_that_are_remembered_are_bounded(device: Device) -> None:
    token = tokens.issue(device).refresh
    for _ in range(30):
        token = refresh(token).json()["refresh"]
    device.refresh_from_db()
    assert device.generation == 31
    assert len(device.rotations) <= 21


def test_unused_refresh_token_ends_after_ninety_days(
    device: Device, clock: TimeMachineFixture
) -> None:
    clock.shift(timedelta(days=89))
    token = refresh(tokens.issue(device).refresh).json()["refresh"]
    clock.shift(timedelta(days=89))
    token = refresh(token).json()["refresh"]
    clock.shift(timedelta(days=91))
    assert code_of(refresh(token)) == "refresh_invalid"


def test_token_from_before_a_restored_backup_still_works(device: Device) -> None:
    token = tokens.issue(device).refresh
    for _ in range(3):
        token = refresh(token).json()["refresh"]
    Device.objects.update(generation=1)
    assert refresh(token).status_code == 200
    device.refresh_from_db()
    assert device.generation == 5


def test_forged_refresh_tokens_are_refused(device: Device) -> None:
    token = tokens.issue(device).refresh
    _, device_id, generation, mac = token.split(".")
    other_key = hmac.digest(b"0" * 32, f"v1.{device_id}.{generation}".encode(), hashlib.sha256)
    for forged in (
        "",
        "v1",
        token + "x",
        token[:-1],
        f"v2.{device_id}.{generation}.{mac}",
        f"v1.{device_id}.2.{mac}",
        f"v1.{int(device_id) + 1}.{generation}.{mac}",
        f"v1.{device_id}.{generation}.{base64.urlsafe_b64encode(other_key).decode().rstrip('=')}",
        tokens.issue(device).access[:200],
    ):
        answer = refresh(forged)
        assert (answer.status_code, code_of(answer)) == (401, "refresh_invalid")
    device.refresh_from_db()
    assert (device.generation, device.revoked_at) == (1, None)


def test_suspended_people_get_nothing(device: Device) -> None:
    pair = tokens.issue(device)
    User.objects.update(is_active=False)
    assert refresh(pair.refresh).status_code == 401
    assert Caller(pair.access).get("users/me/").status_code == 401


def test_another_secret_key_ends_all_tokens(device: Device, settings: Settings) -> None:
    pair = tokens.issue(device)
    kept = settings.SECRET_KEY
    settings.SECRET_KEY = "another-secret-key-" * 3
    derived_key.cache_clear()
    try:
        assert refresh(pair.refresh).status_code == 401
        assert Caller(pair.access).get("users/me/").status_code == 401
    finally:
        settings.SECRET_KEY = kept
        derived_key.cache_clear()


def test_tokens_say_nothing_about_people(device: Device) -> None:
    body = tokens.issue(device).access.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    assert set(claims) == {
        "typ", "exp", "iat", "jti", "sub", "device", "generation", "aud", "iss",
    }  # fmt: skip
    assert claims["exp"] - claims["iat"] == 600
