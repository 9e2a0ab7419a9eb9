"""The refresh token of a browser stands in a cookie."""

from typing import Any

import pytest
from pytest_django import Settings

from accounts.models import Device, User
from accounts.tests.acts import Caller, code_of, sign_in_by_code

pytestmark = pytest.mark.django_db

HERE = "http://testserver"


@pytest.fixture
def browser(alice: User, caller: Caller) -> Caller:
    """Signed in with a cookie."""
    answer = login(caller)
    caller.token = answer.json()["access"]
    return caller


def login(caller: Caller) -> Any:
    body = {"identifier": "alice", "password": "correct horse battery", "cookie": True}
    return caller.post("auth/login/", body)


def test_cookie_instead_of_the_body(alice: User, caller: Caller) -> None:
    for answer in (
        login(caller),
        sign_in_by_code(Caller(), "alice@example.com", cookie=True),
        Caller().post(
            "auth/register/",
            {"username": "new", "password": "correct horse battery", "cookie": True},
        ),
    ):
        assert "refresh" not in answer.json()
        cookie = answer.cookies["refresh"]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Strict"
        assert cookie["path"] == "/api/v1/auth/"
        assert not cookie["secure"]


def test_cookie_is_secure_in_production(alice: User, caller: Caller, settings: Settings) -> None:
    settings.PRODUCTION = True
    assert login(caller).cookies["refresh"]["secure"]


def test_refresh_takes_and_gives_the_cookie(browser: Caller) -> None:
    before = browser.http.cookies["refresh"].value
    browser.token = "stale"
    answer = browser.post("auth/token/refresh/", Origin=HERE)
    assert set(answer.json()) == {"access"}
    assert answer.cookies["refresh"].value != before


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "https://evil.example",
        "http://testserver.evil.example",
        "http://testserver:8001",
        "http://eviltestserver",
        "file://testserver",
        "http://[",
    ],
)
def test_cookie_acts_for_no_other_origin(browser: Caller, origin: str | None) -> None:
    browser.token = None
    headers = {"Origin": origin} if origin else {}
    for path in ("auth/token/refresh/", "auth/logout/"):
        answer = browser.post(path, **headers)
        assert (answer.status_code, code_of(answer)) == (403, "origin_refused")
    assert Device.objects.get().generation == 1
    assert Device.objects.get().revoked_at is None


def test_listed_origins_may(browser: Caller, settings: Settings) -> None:
    settings.ALLOWED_ORIGINS = ["https://chat.example"]
    answer = browser.post("auth/token/refresh/", Origin="https://chat.example")
    assert answer.status_code == 200


def test_logout_by_cookie_with_an_expired_access_token(browser: Caller) -> None:
    browser.token = "expired"
    answer = browser.post("auth/logout/", Origin=HERE)
    assert answer.status_code == 200
    assert answer.cookies["refresh"].value == ""
    assert Device.objects.get().revoked_at is not None


def test_native_clients_need_no_origin(browser: Caller) -> None:
    # Their jar sends the cookie too, but the bearer token says enough.
    assert browser.post("auth/logout/").status_code == 200


def test_form_posts_are_not_read(browser: Caller) -> None:
    answer = browser.http.post(
        "/api/v1/auth/logout/", "a=b", content_type="text/plain", headers={"Origin": HERE}
    )
    assert answer.status_code == 415
