"""What people say about themselves, and who may see it."""

from collections.abc import Callable
from copy import copy

from django.db import transaction
from msgspec import UNSET

from accounts.access import lock_account
from accounts.models import User
from accounts.passwords import checked_username, save_username
from accounts.schemas import PatchPrivacy, PatchProfile
from core.schema import one_line

#: ``fn(before, after)``: the person before and after a change of privacy settings.
OnPrivacyChange = Callable[[User, User], None]

_on_privacy_change: list[OnPrivacyChange] = []


def on_privacy_change(callback: OnPrivacyChange) -> OnPrivacyChange:
    """Registers what to do in the transaction that changes somebody's privacy settings."""
    _on_privacy_change.append(callback)
    return callback


def update_profile(user_id: int, changes: PatchProfile) -> User:
    """Changes what is given; raises Invalid, Conflict ``username_taken``."""
    with transaction.atomic():
        user = lock_account(user_id)
        fields = []
        if changes.username is not UNSET:
            user.username = checked_username(changes.username)
            fields.append("username")
        if changes.name is not UNSET:
            user.name = one_line("name", changes.name)
            fields.append("name")
        if changes.about is not UNSET:
            user.about = changes.about.strip()
            fields.append("about")
        save_username(user, update_fields=fields)
    return user


def update_privacy(user_id: int, changes: PatchPrivacy) -> User:
    """Changes what is given."""
    with transaction.atomic():
        user = lock_account(user_id)
        before = copy(user)
        fields = []
        for name in ("last_seen", "online", "avatar", "about", "statuses"):
            if (audience := getattr(changes, name)) is not UNSET:
                setattr(user, f"privacy_{name}", audience)
                fields.append(f"privacy_{name}")
        for name in ("read_receipts", "typing"):
            if (switch := getattr(changes, name)) is not UNSET:
                setattr(user, name, switch)
                fields.append(name)
        user.save(update_fields=fields)
        for callback in _on_privacy_change:
            callback(before, user)
    return user
