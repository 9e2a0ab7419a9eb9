"""The people of the tests of exports; no file of an earlier test is found."""

import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings

from media.tests.conftest import alice, bob, carol, empty_directory

__all__ = ["alice", "bob", "carol", "empty_directory"]


@pytest.fixture(autouse=True)
def no_exports() -> Iterator[None]:
    """The directory goes after each test."""
    yield
    shutil.rmtree(settings.EXPORTS_DIR, ignore_errors=True)
