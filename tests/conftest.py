"""Real servers for black-box tests, and the people who use them."""

import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.client import People, eventually, people_of
from tests.cluster import Cluster
from tests.server import Server, migrated_data_dir

# It says every request, which would bury what the server says.
logging.getLogger("httpx").setLevel(logging.WARNING)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The server of most tests: never restarted, never emptied; each test makes its own people."""
    shared = Server(migrated_data_dir(), PRESENCE_GRACE="1")
    try:
        yield shared.start()
    finally:
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
            own = Server(migrated_data_dir(), **settings)
            started.callback(own.remove)
            return own.start()

        yield start


@pytest.fixture(scope="session")
def fragile() -> Iterator[Server]:
    """A server that is killed, stopped and started; each test leaves it running."""
    own = Server(migrated_data_dir(), WORKER_DEAD_SECONDS="3")
    try:
        yield own.start()
    finally:
        own.remove()


@pytest.fixture
async def fragile_people(fragile: Server) -> AsyncIterator[People]:
    """Makes people of the fragile server."""
    async with people_of(fragile) as made:
        yield made


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """Two web processes on parts that a test may take away; each test leaves it whole."""
    made = Cluster()
    try:
        made.server.start()
        yield made
    finally:
        made.remove()


@pytest.fixture
async def cluster_people(cluster: Cluster) -> AsyncIterator[People]:
    """Makes people of the cluster, once it is ready."""
    async with people_of(cluster.server) as made:
        await eventually(made.is_ready)
        yield made


@pytest.fixture(params=["with Valkey", "without Valkey"])
def with_or_without_valkey(cluster: Cluster, request: pytest.FixtureRequest) -> Iterator[None]:
    """Runs a test twice: as things should be, and with Valkey dead from start to end."""
    if request.param == "with Valkey":
        yield
    else:
        cluster.valkey.kill()
        yield
        cluster.valkey.start()
