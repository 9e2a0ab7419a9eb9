"""The people of moderation: those of chats, and staff."""

import pytest
from django.contrib.auth.models import Group

from accounts.models import User
from chat.tests.conftest import alice, bob, carol, chat, dave, process
from connections.tests.acts import make_person

__all__ = ["alice", "bob", "carol", "chat", "dave", "process"]


def make_staff(name: str, role: str) -> User:
    """A member of staff who has a role."""
    staff = make_person(name, is_staff=True)
    staff.groups.add(Group.objects.get(name=role))
    return staff


@pytest.fixture
def moderator(db: None) -> User:
    """Mira works off the queue."""
    return make_staff("mira", "moderator")


@pytest.fixture
def admin(db: None) -> User:
    """Ada looks after the moderators, too."""
    return make_staff("ada", "admin")
