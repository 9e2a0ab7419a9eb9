"""The people of chats: alice and bob are connected, carol is a stranger, alice blocks dave."""

from collections.abc import Iterator

import pytest

from accounts.models import User
from chat import epoch
from chat.actions import typing
from chat.tests.acts import make_chat, make_group
from connections.tests.acts import join, make_person
from presence.tests.conftest import alice, bob, carol, dave
from realtime.tests.process import Process

__all__ = ["alice", "bob", "carol", "dave"]


@pytest.fixture(autouse=True)
def _forget_the_last_test() -> None:
    typing._told.clear()
    epoch._known = None  # its row went with the last test's database


@pytest.fixture
def chat(alice: User, bob: User) -> str:
    """The direct chat of alice and bob."""
    return make_chat(alice, bob)


@pytest.fixture
def erin(alice: User) -> User:
    """Connected to alice."""
    erin = make_person("erin")
    join(erin, alice)
    return erin


@pytest.fixture
def group(alice: User, bob: User) -> str:
    """The group of alice, its owner, and bob."""
    return make_group(alice, bob)


@pytest.fixture
def process(transactional_db: None) -> Iterator[Process]:
    """A web process with its writer, hub, bus and listener."""
    with Process() as process:
        yield process
