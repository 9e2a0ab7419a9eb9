"""The people of the tests of media."""

import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings

from accounts.models import User
from connections.models import Block
from connections.tests.acts import connect, make_person
from media.tests.acts import Uploader


@pytest.fixture(autouse=True)
def empty_directory() -> Iterator[None]:
    """No file of an earlier test is found."""
    yield
    shutil.rmtree(settings.MEDIA_DIR, ignore_errors=True)


@pytest.fixture
def alice(db: None) -> Uploader:
    """Who uploads."""
    return Uploader(make_person("alice"))


@pytest.fixture
def bob(alice: Uploader) -> Uploader:
    """Connected to alice."""
    user = make_person("bob")
    connect(user, alice.user)
    return Uploader(user)


@pytest.fixture
def carol(db: None) -> Uploader:
    """A stranger to all."""
    return Uploader(make_person("carol"))


@pytest.fixture
def dave(alice: Uploader) -> Uploader:
    """Blocked by alice."""
    dave: User = make_person("dave")
    Block.objects.create(blocker=alice.user, blocked=dave)
    return Uploader(dave)
