"""Suspending accounts: for a time, after which they work again by themselves, or for good."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from core.clock import now
from core.errors import Forbidden, NotFound
from realtime.control import close_users

#: ``fn(user_id)`` ends what an app does for the person.
End = Callable[[int], None]

_callbacks: list[End] = []


def on_suspend(end: End) -> None:
    """Registers what to end in the transaction that suspends someone.

    It runs before the person's row is locked, so it may lock calls and chats; sockets are closed,
    and tokens refused, without it.
    """
    _callbacks.append(end)


def suspend(user_id: int, *, until: datetime | None, reason: str) -> User:
    """Nothing more goes to the person or comes from them until then (None: for good).

    Sockets close on commit, tokens and sessions are refused from then on; devices stay signed in
    for afterwards. ``reason`` is told to whoever signs in. Again: the new one counts. Locks the
    user row. Raises NotFound, also for erased people.
    """
    with transaction.atomic():
        for end in _callbacks:
            end(user_id)
        user = _locked(user_id)
        user.is_active, user.suspended_until, user.suspension_reason = False, until, reason
        user.save(update_fields=["is_active", "suspended_until", "suspension_reason"])
        close_users([user_id])
    return user


def lift(user_id: int) -> User:
    """Ends a suspension; harmless without one. Raises NotFound, also for erased people."""
    with transaction.atomic():
        user = _locked(user_id)
        user.is_active, user.suspended_until, user.suspension_reason = True, None, ""
        user.save(update_fields=["is_active", "suspended_until", "suspension_reason"])
    return user


def lift_ended(users: QuerySet[User]) -> int:
    """Lets in those of ``users`` whose suspension has had its time; answers how many."""
    return _ended(users, now()).update(is_active=True, suspended_until=None, suspension_reason="")


def expire_suspensions(at: datetime, *, dry_run: bool = False) -> int:
    """The same of everybody. Whoever comes before it runs is let in all the same."""
    return _ended(User.objects.all(), at).count() if dry_run else lift_ended(User.objects.all())


def may_enter(user: User) -> bool:
    """Whether the account works, now that somebody has proved to be its owner."""
    return user.is_active or lift_ended(User.objects.filter(pk=user.pk)) > 0


def account_suspended(user: User) -> Forbidden:
    """Says until when, and why."""
    text, wait = "This account is suspended", None
    if user.suspended_until is not None:
        text += f" until {user.suspended_until:%Y-%m-%d %H:%M} UTC"
        wait = max(1, int((user.suspended_until - now()).total_seconds()) + 1)
    text += f": {user.suspension_reason}" if user.suspension_reason else "."
    return Forbidden("account_suspended", text, retry_after=wait)


def _ended(users: QuerySet[User], at: datetime) -> QuerySet[User]:
    return users.filter(is_active=False, deleted_at=None, suspended_until__lte=at)


def _locked(user_id: int) -> User:
    rows = User.objects.select_for_update(no_key=True).filter(pk=user_id, deleted_at=None)
    user = rows.first()
    if user is None:
        raise NotFound
    return user
