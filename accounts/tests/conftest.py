"""The people of the tests of accounts."""

import pytest
from django.conf import settings
from time_machine import TimeMachineFixture

from accounts.models import User
from accounts.tests.acts import Caller


@pytest.fixture(autouse=True)
def empty_outbox() -> None:
    """No code of an earlier test is found."""
    (settings.DATA_DIR / "outbox.jsonl").unlink(missing_ok=True)


@pytest.fixture
def caller() -> Caller:
    """Somebody who is not signed in."""
    return Caller()


@pytest.fixture
def clock(time_machine: TimeMachineFixture) -> TimeMachineFixture:
    """Noon of a day; it ticks, and ``shift`` moves it."""
    time_machine.move_to("2026-06-01T12:00:00Z")
    return time_machine


@pytest.fixture
def alice(db: None) -> User:
    """Has a proven address and a password."""
    return User.objects.create_user(
        "alice", "correct horse battery", email="alice@example.com", name="Alice"
    )


@pytest.fixture
def bob(db: None) -> User:
    """Has a proven number and no password."""
    return User.objects.create_user("bob", phone="+4915112345678", name="Bob")


@pytest.fixture
def carol(db: None) -> User:
    """A stranger to all."""
    return User.objects.create_user("carol", name="Carol")
