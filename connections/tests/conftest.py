"""The people of the tests of connections."""

import pytest

from accounts.models import User
from connections.models import Block
from connections.tests.acts import make_person


@pytest.fixture
def alice(db: None) -> User:
    """Who shows codes."""
    return make_person("alice")


@pytest.fixture
def bob(db: None) -> User:
    """Who scans them."""
    return make_person("bob")


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
