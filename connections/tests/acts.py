"""What people do in the tests: through HTTP where a person would, through actions to set up."""

from collections.abc import Callable, Sequence
from threading import Barrier, Thread
from typing import Any

from django.db import connections as db_connections
from rest_framework.test import APIClient

from accounts.log import events_after
from accounts.models import User
from connections.actions.qr import make_qr, scan
from connections.actions.requests import accept_request
from connections.models import Connection, ConnectionRequest

API = "/api/v1/connections/"
LATER = 10**9


def make_person(name: str, **fields: Any) -> User:
    """A person who can sign in by code only."""
    return User.objects.create_user(name, name=name.title(), **fields)


def as_(user: User) -> APIClient:
    """A signed-in client."""
    client = APIClient()
    client.force_authenticate(user)
    return client


def ask(scanner: User, owner: User) -> ConnectionRequest:
    """The scanner scans the owner's code."""
    return scan(scanner_id=scanner.pk, token=make_qr(owner_id=owner.pk).token)


def connect(a: User, b: User) -> None:
    """The two become connected, as people do."""
    accept_request(owner_id=b.pk, request_id=ask(a, b).pk)


def join(a: User, b: User) -> None:
    """The two are connected already, with nothing of it in their logs: for tests of other things,
    and before a web process knows the two.
    """
    Connection.objects.create(low_id=min(a.pk, b.pk), high_id=max(a.pk, b.pk))


def told(user: User, since: int = 0) -> list[tuple[str, dict[str, Any]]]:
    """What the user's personal log says after a position, but for notifications of the same."""
    entries = events_after(user.pk, since, 1000)
    return [(one.event, one.data) for one in entries if not one.event.startswith("notification:")]


def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Runs ``acts`` in threads that start together; answers what they answer, or raised."""
    barrier = Barrier(len(acts))
    answers: list[Any] = [None] * len(acts)

    def run(number: int) -> None:
        barrier.wait()
        try:
            answers[number] = acts[number]()
        except Exception as error:
            answers[number] = error
        finally:
            db_connections.close_all()

    threads = [Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers
