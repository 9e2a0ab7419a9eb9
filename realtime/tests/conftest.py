"""People, and a web process to push to them."""

from collections.abc import Iterator

import pytest

from presence.tests.conftest import alice, bob, carol
from realtime.tests.process import Process

__all__ = ["alice", "bob", "carol"]


@pytest.fixture
def process(transactional_db: None) -> Iterator[Process]:
    """A web process with its hub, bus, listener and all other tasks."""
    with Process() as process:
        yield process
