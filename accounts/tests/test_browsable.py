"""The browsable API: Django's session signs in, beside the bearer token."""

import pytest
from django.test import Client

from accounts.models import User
from accounts.tests.acts import Caller

pytestmark = pytest.mark.django_db

HTML = {"Accept": "text/html"}


@pytest.fixture
def browser(alice: User) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    return client


@pytest.mark.parametrize(
    "path",
    ["users/me/", "users/me/privacy/", "auth/devices/", "auth/phone-prefixes/", "users/1/"],
)
def test_pages_open(browser: Client, path: str) -> None:
    answer = browser.get(f"/api/v1/{path}", headers=HTML)
    assert answer.status_code == (404 if path == "users/1/" else 200)
    assert answer.headers["Content-Type"].startswith("text/html")


def test_signing_in_leads_to_a_page(client: Client, alice: User) -> None:
    alice.set_password("Kettle-Orbit-77")
    alice.save()
    form = {"username": alice.username, "password": "Kettle-Orbit-77"}
    answer = client.post("/api/session/login/", form, headers=HTML, follow=True)
    assert answer.redirect_chain == [("/api/v1/chats/", 302)]
    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["auth/login/", "auth/otp/verify/", "auth/password/"])
def test_pages_of_acts_open(browser: Client, path: str) -> None:
    assert browser.get(f"/api/v1/{path}", headers=HTML).status_code == 405
    assert browser.options(f"/api/v1/{path}", headers=HTML).status_code == 200


def test_session_alone_changes_nothing(browser: Client, alice: User) -> None:
    answer = browser.patch("/api/v1/users/me/", {"name": "Eve"}, content_type="application/json")
    assert answer.status_code == 403
    alice.refresh_from_db()
    assert alice.name == "Alice"


def test_session_does_not_turn_a_login_into_a_change_of_identifier(
    browser: Client, alice: User
) -> None:
    # The admin and the client share a host: a staff member's session comes along with the login.
    asked = browser.post(
        "/api/v1/auth/otp/request/",
        {"identifier": "new@example.com"},
        content_type="application/json",
    )
    assert asked.status_code == 202
    assert alice.challenges.count() == 0


def test_strangers_see_the_refusal_as_a_page(caller: Caller) -> None:
    for token in (None, "nonsense"):
        caller.token = token
        answer = caller.get("users/me/", **HTML)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
