"""Real servers for black-box tests, and the people who use them."""

import itertools
import logging
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from conftest import DATA_DIR
from tests.client import People, people_of
from tests.server import Server

_numbers = itertools.count(1)
# It says every request, which would bury what the server says.
logging.getLogger("httpx").setLevel(logging.WARNING)


def new_data_dir() -> Path:
    """A directory beside this process's own, which the run's end cleans up whatever happens."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    return DATA_DIR.parent / f"{worker}s{next(_numbers)}"


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The server of most tests: never restarted, never emptied; each test makes its own people."""
    shared = Server(new_data_dir(), PRESENCE_GRACE="1")
    yield shared.start()
    shared.remove()


@pytest.fixture
async def people(server: Server) -> AsyncIterator[People]:
    """Makes people of the shared server."""
    async with people_of(server) as made:
        yield made


@pytest.fixture(scope="module")
def start_server() -> Iterator[Callable[..., Server]]:
    """Starts servers with settings of their own, which live as long as the module's tests."""
    with ExitStack() as started:

        def start(**settings: str) -> Server:
            own = Server(new_data_dir(), **settings)
            started.callback(own.remove)
            return own.start()

        yield start
