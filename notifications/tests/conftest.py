"""The people of the tests: alice and bob are connected, carol is a stranger, alice blocks dave."""

from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from chat.tests.conftest import alice, carol, chat, dave
from connections.tests.acts import connect, make_person
from notifications.tests.push_service import PushService, serving
from presence import queries as presence
from realtime.redis import sync_client
from realtime.tests.process import Process

__all__ = ["alice", "carol", "chat", "dave"]


@pytest.fixture(autouse=True)
def _nobody_is_looking() -> None:
    sync_client().flushdb()
    presence._away_until = 0.0


@pytest.fixture
def bob(alice: User) -> User:
    """Connected to alice, and told so: one notification more."""
    bob = make_person("bob")
    connect(bob, alice)
    return bob


@pytest.fixture
def process(transactional_db: None) -> Iterator[Process]:
    """A web process with its writer, hub, bus and listener."""
    with Process() as process:
        yield process


@pytest.fixture
def service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> Iterator[PushService]:
    """A push service that the server may reach; in the end nothing it was sent was wrong."""
    settings.FETCH_ALLOWED_NETWORKS = [ip_network("127.0.0.1/32")]
    settings.FETCH_PORTS = range(1, 65536)
    with serving(tmp_path) as (service, certificate):
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        yield service
    assert service.troubles == []
