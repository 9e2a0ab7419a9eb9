"""People, an empty Valkey, and a web process's loop with sockets on it."""

from collections.abc import Iterator

import pytest

from accounts.models import User
from connections.models import Block
from connections.tests.acts import join, make_person
from presence.tests.web import Web
from realtime.redis import sync_client


@pytest.fixture(autouse=True)
def _empty_valkey() -> None:
    sync_client().flushdb()


@pytest.fixture
def web() -> Iterator[Web]:
    """The loop of a web process in a thread of its own."""
    with Web() as web:
        yield web


@pytest.fixture
def alice(db: None) -> User:
    """Whom the others watch."""
    return make_person("alice")


@pytest.fixture
def bob(alice: User) -> User:
    """Connected to alice."""
    bob = make_person("bob")
    join(bob, alice)
    return bob


@pytest.fixture
def carol(db: None) -> User:
    """A stranger to all."""
    return make_person("carol")


@pytest.fixture
def dave(alice: User) -> User:
    """Blocked by alice."""
    dave = make_person("dave")
    Block.objects.create(blocker=alice, blocked=dave)
    return dave
