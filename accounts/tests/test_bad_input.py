"""No input makes a 500."""

import json
from typing import Any

import pytest

from accounts.models import User
from accounts.tests.acts import Caller, signed_in

pytestmark = pytest.mark.django_db

FIELDS = {
    "auth/otp/request/": ["identifier"],
    "auth/otp/verify/": ["identifier", "code", "device", "cookie"],
    "auth/register/": ["username", "password", "email", "phone", "device", "cookie"],
    "auth/login/": ["identifier", "password", "device", "cookie"],
    "auth/password/": ["current", "new"],
    "auth/token/refresh/": ["refresh"],
    "auth/logout/": ["refresh"],
}
GOOD: dict[str, Any] = {
    "identifier": "a@example.com",
    "code": "123456",
    "username": "newcomer",
    "password": "correct horse battery",
    "new": "correct horse battery",
}
VALUES: list[Any] = [
    None,
    True,
    0,
    -1,
    2**70,
    1.5,
    [],
    {},
    [[]],
    "",
    " ",
    "@",
    "a@b",
    "+",
    "x" * 5_000,
    "\u202e\u200b",
    "١٢٣٤٥٦",
    "%s%n",
    "' OR 1=1 --",
    {"name": 5},
    {"name": "x" * 500, "platform": "y"},
]
RAW = [
    b"",
    b"null",
    b"[]",
    b'"text"',
    b"5",
    b"{",
    b"\xff\xfe",
    b'{"identifier": "a\\u0000@example.com", "username": "a\\u0000", "refresh": "\\u0000"}',
    b'{"identifier": "\\ud800@example.com", "username": "\\udc00", "refresh": "\\ud800"}',
    b'{"identifier": NaN}',
    b"[" * 50_000,
    b'{"a":' * 5_000,
    b'{"identifier": 1e999}',
    b'{"identifier": "a@example.com", "identifier": 5}',
]


@pytest.mark.parametrize("path", FIELDS)
def test_wrong_fields(path: str, alice: User) -> None:
    callers = [Caller(), signed_in(alice)]
    for field in FIELDS[path]:
        for value in VALUES:
            body = {name: GOOD[name] for name in FIELDS[path] if name in GOOD} | {field: value}
            for caller in callers[: 1 if path == "auth/logout/" else 2]:
                answer = caller.post(path, body)
                assert answer.status_code < 500, (body, answer.content)
                if answer.status_code >= 400:
                    assert json.loads(answer.content)["error"]["code"]


@pytest.mark.parametrize("path", FIELDS)
def test_wrong_bodies(path: str, alice: User) -> None:
    for raw in RAW:
        answer = Caller().call("POST", path, raw)
        assert 400 <= answer.status_code < 500, (raw[:50], answer.content)
        assert answer.json()["error"]["code"]


def test_huge_body_is_413(caller: Caller) -> None:
    answer = caller.call("POST", "auth/login/", b'{"identifier": "' + b"x" * 300_000 + b'"}')
    assert answer.status_code == 413


def test_other_content_types_are_415(caller: Caller) -> None:
    for content_type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        answer = caller.http.generic(
            "POST", "/api/v1/auth/login/", b"a=b", content_type=content_type
        )
        assert answer.status_code == 415


def test_wrong_methods_are_405(caller: Caller) -> None:
    assert caller.get("auth/login/").status_code == 405
    assert caller.delete("auth/otp/request/").status_code == 405
