"""The people of statuses: those of chats; their files go with the test."""

from chat.tests.conftest import alice, bob, carol, dave
from media.tests.conftest import empty_directory

__all__ = ["alice", "bob", "carol", "dave", "empty_directory"]
