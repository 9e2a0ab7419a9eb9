"""The HTTP edge: one envelope for every refusal, and what every answer carries."""

import errno
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import OperationalError
from django.http import Http404
from django.test import Client
from django.urls import include, path
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIClient

from accounts.models import User
from chatproject import urls
from core.errors import Conflict, Forbidden, Gone, Invalid, NotFound, RateLimited, TooLarge
from core.http import ApiView, accepted, created, no_content, ok
from core.schema import Input
from presence.tests.conftest import alice

__all__ = ["alice"]

V1 = "/api/v1/"
SECRET = "postgres://secret"
ERRORS: dict[str, tuple[Exception, int, str]] = {
    "invalid": (Invalid("odd", "Odd.", fields={"a": ["Odd."]}), 400, "odd"),
    "forbidden": (Forbidden("no", "No."), 403, "no"),
    "not_found": (NotFound(), 404, "not_found"),
    "conflict": (Conflict("taken", "Taken."), 409, "taken"),
    "gone": (Gone("used", "Used."), 410, "used"),
    "large": (TooLarge("large", "Large."), 413, "large"),
    "limited": (RateLimited(2.5), 429, "rate_limited"),
    "http404": (Http404(), 404, "not_found"),
    "denied": (PermissionDenied(), 403, "forbidden"),
    "drf_denied": (exceptions.PermissionDenied(), 403, "forbidden"),
    "drf_invalid": (exceptions.ValidationError("odd"), 400, "invalid"),
    "drf_parse": (exceptions.ParseError("odd"), 400, "invalid"),
    "drf_auth": (exceptions.AuthenticationFailed(), 401, "unauthenticated"),
    "throttled": (exceptions.Throttled(7), 429, "rate_limited"),
    "big": (RequestDataTooBig(), 413, "body_too_large"),
    "away": (OperationalError(SECRET), 503, "unavailable"),
    "full": (OSError(errno.ENOSPC, SECRET), 503, "unavailable"),
    "os_bug": (OSError(errno.ENOENT, SECRET), 500, "internal"),
    "bug": (ZeroDivisionError(SECRET), 500, "internal"),
    "drf_bug": (exceptions.APIException(SECRET), 500, "internal"),
}


class Shape(Input):
    """A body."""

    text: str


class Failing(ApiView):
    """Raises what its path names."""

    open = True

    def get(self, request: Request, name: str) -> Response:
        """No answer."""
        raise ERRORS[name][0]


class Echo(ApiView):
    """Answers what it was told."""

    open = True

    def post(self, request: Request) -> Response:
        """The text."""
        return ok(self.body(request, Shape).text)

    def put(self, request: Request) -> Response:
        """The four good answers."""
        answers = {"c": created(1), "a": accepted(2), "n": no_content()}
        return answers.get(self.body(request, Shape).text) or ok(3)


def broken(request: Any) -> Any:
    """A view outside of the framework that fails."""
    raise ZeroDivisionError(SECRET)


urlpatterns = [
    path("api/v1/test/fail/<str:name>/", Failing.as_view()),
    path("api/v1/test/echo/", Echo.as_view()),
    path("api/v1/test/broken/", broken),
    path("", include(urls.urlpatterns)),
]
handler404 = urls.handler404
handler500 = urls.handler500


@pytest.fixture(autouse=True)
def routes(settings: Any) -> None:
    """The server's, and the test's own."""
    settings.ROOT_URLCONF = __name__


@pytest.fixture
def client() -> Client:
    """One that shows what people would see of a bug."""
    return Client(raise_request_exception=False)


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """What is logged."""
    with caplog.at_level(logging.INFO):
        yield caplog


@pytest.mark.parametrize("name", ERRORS)
def test_every_refusal_is_in_the_envelope(name: str, client: Client) -> None:
    _, status, code = ERRORS[name]
    answer = client.get(f"{V1}test/fail/{name}/")
    assert answer.status_code == status
    assert answer.json().keys() == {"error"}
    body = answer.json()["error"]
    assert body["code"] == code and body["message"]
    assert body.keys() - {"code", "message", "fields", "retry_after"} == set()
    assert ("Retry-After" in answer) == ("retry_after" in body) == (status in {429, 503})
    if status in {429, 503}:
        assert answer["Retry-After"] == str(body["retry_after"])
    assert ("WWW-Authenticate" in answer) == (status == 401)
    assert SECRET not in answer.content.decode()
    assert answer["Content-Type"] == "application/json"


@pytest.mark.parametrize("name", ["bug", "away", "not_found"])
def test_bugs_are_logged_with_their_trace_and_refusals_are_not(
    name: str, client: Client, logged: pytest.LogCaptureFixture
) -> None:
    client.get(f"{V1}test/fail/{name}/?token=hidden")
    text = logged.text
    assert ("ZeroDivisionError" in text) == (name == "bug")
    assert ("database_away" in text) == (name == "away")
    assert "hidden" not in text


def test_a_bug_outside_of_the_framework_is_in_the_envelope_too(client: Client) -> None:
    answer = client.get(f"{V1}test/broken/")
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal")
    assert SECRET not in answer.content.decode()


@pytest.mark.parametrize(
    "where", ["", "nope/", "nope", "chats/1/nope/", "users/me/nope/", "%00/", "//"]
)
@pytest.mark.parametrize("debug", [False, True])
def test_a_path_that_is_no_route_is_in_the_envelope(
    where: str, debug: bool, client: Client, settings: Any
) -> None:
    settings.DEBUG = debug
    answer = client.get(f"{V1}{where}", follow=True)
    assert answer.status_code == 404, answer.content
    assert answer.json()["error"]["code"] == "not_found"


def test_wrong_methods(client: Client) -> None:
    for method in ("get", "delete", "patch"):
        answer = getattr(client, method)(f"{V1}test/echo/")
        assert (answer.status_code, answer.json()["error"]["code"]) == (405, "method_not_allowed")
        assert "POST" in answer["Allow"]
    assert client.options(f"{V1}test/echo/").status_code == 200


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 200), ("application/json; charset=utf-8", 200),
        ("text/plain", 415), ("application/xml", 415), ("multipart/form-data; boundary=x", 415),
        ("application/x-www-form-urlencoded", 415), ("nonsense", 415), ("application/jsonp", 415),
        ("", 415),
    ],
)  # fmt: skip
def test_content_types(client: Client, content_type: str, status: int) -> None:
    answer = client.generic("POST", f"{V1}test/echo/", '{"text": "a"}', content_type)
    assert answer.status_code == status
    if status == 415:
        assert answer.json()["error"]["code"] == "unsupported_type"


def test_what_cannot_be_accepted(client: Client) -> None:
    answer = client.get(f"{V1}server/", headers={"Accept": "application/xml"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (406, "not_acceptable")


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"{", "invalid_json"), (b"nope", "invalid_json"), (b'{"text": NaN}', "invalid_json"),
        (b"[" * 60_000, "invalid_json"), (b'{"text": "\xff"}', "invalid_json"),
        (rb'{"text": "\ud800"}', "invalid_json"), (rb'{"text": "\u0000"}', "invalid_text"),
        (b"[]", "invalid"), (b"1", "invalid"), (b"null", "invalid"), (b"", "invalid"),
        (b"{}", "invalid"), (b'{"text": 1}', "invalid"), (b"   ", "invalid"),
    ],
    ids=range(14),
)  # fmt: skip
def test_bad_bodies(client: Client, raw: bytes, code: str) -> None:
    answer = client.generic("POST", f"{V1}test/echo/", raw, "application/json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)


def test_large_bodies_are_refused_before_they_are_read(client: Client, settings: Any) -> None:
    fits = b'{"text": "%s"}' % (b"x" * (settings.HTTP_BODY_MAX_BYTES - 12))
    assert len(fits) == settings.HTTP_BODY_MAX_BYTES
    for raw, status in ((fits, 200), (fits + b" ", 413), (b"x" * 3_000_000, 413)):
        answer = client.generic("POST", f"{V1}test/echo/", raw, "application/json")
        assert answer.status_code == status
    assert answer.json()["error"]["code"] == "body_too_large"


def test_the_good_answers(client: Client) -> None:
    for text, status in (("c", 201), ("a", 202), ("n", 204), ("", 200)):
        answer = client.put(f"{V1}test/echo/", {"text": text}, content_type="application/json")
        assert answer.status_code == status


@pytest.mark.parametrize("offered", ["a", "A-b_c.9", "x" * 64, "0"])
def test_a_request_id_is_taken_over(client: Client, offered: str) -> None:
    for where in (f"{V1}server/", f"{V1}nope/", "/healthz", "/"):
        assert client.get(where, headers={"X-Request-ID": offered})["X-Request-ID"] == offered


@pytest.mark.parametrize("offered", ["", "x" * 65, "a b", "a\tb", "\u00e4", "a/b", "<b>", "a\n"])
def test_an_odd_request_id_is_replaced(client: Client, offered: str) -> None:
    ids = {client.get(f"{V1}server/", headers={"X-Request-ID": offered})["X-Request-ID"]
           for _ in range(2)}  # fmt: skip
    assert len(ids) == 2 and offered not in ids
    assert "X-Request-ID" in client.get(f"{V1}test/fail/bug/")
    assert "X-Request-ID" in client.get(f"{V1}test/broken/")


def test_personal_answers_are_stored_nowhere(client: Client) -> None:
    for where in ("server/", "users/me/", "nope/", "test/fail/bug/"):
        assert client.get(f"{V1}{where}")["Cache-Control"] == "no-store"


def test_nobody_is_let_in_by_default(db: None) -> None:
    for where in ("users/me/", "chats/", "connections/", "sync/", "presence/"):
        answer = APIClient().get(f"{V1}{where}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthenticated")


def test_one_account_cannot_flood(alice: User, settings: Any, monkeypatch: Any) -> None:
    from core import http
    from core.limits import Buckets

    monkeypatch.setattr(http, "_requests", Buckets(3, 0.5))
    caller, stranger = APIClient(), APIClient()
    caller.force_authenticate(alice)
    statuses = [caller.get(f"{V1}server/").status_code for _ in range(5)]
    assert statuses == [200] * 3 + [429] * 2
    refusal = caller.get(f"{V1}server/")
    assert 1 <= int(refusal["Retry-After"]) == refusal.json()["error"]["retry_after"] <= 2
    assert stranger.get(f"{V1}server/").status_code == 200


def test_the_browsable_api_shows_a_page(alice: User) -> None:
    client = APIClient()
    client.force_login(alice)
    for where in ("chats/", "users/me/", "server/"):
        answer = client.get(f"{V1}{where}", headers={"Accept": "text/html"})
        assert answer.status_code == 200 and answer["Content-Type"].startswith("text/html")
