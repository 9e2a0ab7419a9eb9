"""What people do in the tests of accounts, over HTTP."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier
from typing import Any, TypeVar

from django.conf import settings
from django.db import connections as db_connections
from django.test import Client, TestCase

from accounts import tokens
from accounts.erasure import clear
from accounts.models import Device, User

T = TypeVar("T")

_addresses = count(1)


class Caller:
    """A client program at an address of its own; ``token`` makes it somebody's."""

    def __init__(self, token: str | None = None) -> None:
        number = next(_addresses)
        self.address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        self.token = token
        self.http = Client(REMOTE_ADDR=self.address)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """One request to the API; what waits for a commit happens, in any kind of test."""
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        raw = body if isinstance(body, bytes) else json.dumps({} if body is None else body).encode()
        with TestCase.captureOnCommitCallbacks(execute=True):
            return self.http.generic(
                method, f"/api/v1/{path}", raw, content_type="application/json", headers=headers
            )

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """``call`` with POST."""
        return self.call("POST", path, body, **headers)

    def get(self, path: str, **headers: str) -> Any:
        """``call`` with GET."""
        return self.call("GET", path, b"", **headers)

    def patch(self, path: str, body: Any) -> Any:
        """``call`` with PATCH."""
        return self.call("PATCH", path, body)

    def delete(self, path: str) -> Any:
        """``call`` with DELETE."""
        return self.call("DELETE", path, b"")


def signed_in(user: User, name: str = "Phone") -> Caller:
    """A caller on a new device of the user's."""
    caller = Caller()
    device = Device.objects.create(user=user, name=name)
    caller.token = tokens.issue(device).access
    return caller


def device_of(caller: Caller) -> Device:
    """The device behind a caller's access token."""
    assert caller.token
    return tokens.device_of(caller.token)[0]


def outbox() -> list[dict[str, Any]]:
    """What would have been sent so far."""
    path = settings.DATA_DIR / "outbox.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def last_code(to: str) -> str:
    """The newest code sent to a normalised identifier."""
    return str(next(line["code"] for line in reversed(outbox()) if line["to"] == to))


def wrong(code: str) -> str:
    """A code that is not this one."""
    return f"{(int(code) + 1) % 10**6:06}"


def sign_in_by_code(caller: Caller, identifier: str, **more: Any) -> Any:
    """Asks for a code, answers it; the response of the second request."""
    sent = caller.post("auth/otp/request/", {"identifier": identifier})
    assert sent.status_code == 202, sent.json()
    code = last_code(sent.json()["identifier"])
    return caller.post("auth/otp/verify/", {"identifier": identifier, "code": code, **more})


def clear_erased() -> None:
    """What the worker does for everybody who has erased their account."""
    for user in User.objects.filter(deleted_at__isnull=False):
        with TestCase.captureOnCommitCallbacks(execute=True):
            clear(user_id=user.pk)


def code_of(response: Any) -> str:
    """The stable code of a refusal."""
    return str(response.json()["error"]["code"])


def at_once(times: int, act: Callable[[int], T]) -> list[T]:
    """Runs ``act(0)``, ``act(1)`` … in as many threads, let go together."""
    barrier = Barrier(times)

    def run(number: int) -> T:
        try:
            barrier.wait()
            return act(number)
        finally:
            db_connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))
