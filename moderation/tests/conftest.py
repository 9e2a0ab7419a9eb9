"""The people of moderation: those of chats, and staff."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.db import connection

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
def roles(db: None) -> None:
    """The roles, as the migrations make them: tests that commit leave empty tables behind."""
    editor = connection.schema_editor()
    import_module("moderation.migrations.0003_roles").make_roles(apps, editor)
    import_module("moderation.migrations.0004_see_jobs_and_exports").let_see(apps, editor)


@pytest.fixture
def moderator(roles: None) -> User:
    """Mira works off the queue."""
    return make_staff("mira", "moderator")


@pytest.fixture
def admin(roles: None) -> User:
    """Ada looks after the moderators, too."""
    return make_staff("ada", "admin")
