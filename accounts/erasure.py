"""Erasing an account: the row stays as the author of what others hold, the person is gone.

In two steps. ``erase`` closes the account: from its commit on nobody signs in to it, and no read
shows anything of the person. ``clear`` then removes what they had left, in the worker and in many
small transactions, however much it is.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import F, Q, QuerySet
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from accounts.log import tell_each
from accounts.models import Challenge, Device, PersonalEvent, User
from accounts.passwords import ERASED_PREFIX
from core.clock import now
from realtime.control import close_users

#: ``fn(user_id)`` removes what an app holds of the person.
Forget = Callable[[int], None]
#: ``fn(user_id)`` answers who knows the person, and so is told.
Knows = Callable[[int], Iterable[int]]

#: ``fn(user_id)`` locks what must be locked before people's rows, and answers a function that says
#: whether all of it is still locked.
Lock = Callable[[int], Callable[[], bool]]

ERASED_NAME = "Deleted account"

log = structlog.get_logger(__name__)

#: What was on its way when the account was closed has arrived after so long, or never will.
_STRAGGLERS_AFTER = timedelta(seconds=60)
#: An erasure that is not complete after so long has lost its job.
_LOST_AFTER = timedelta(hours=1)

_callbacks: list[tuple[Forget, Knows]] = []
_meets: list[Knows] = []
_locks: list[Lock] = []
_clearings: list[Forget] = []


def on_erase(
    forget: Forget, knows: Knows, lock: Lock | None = None, *, is_trace: bool = False
) -> None:
    """Registers what to do in the transaction that erases someone, before their row changes: what
    is little, and what reads would still show. The rest is for ``after_erase``.

    It holds the rows of the person and of all who know them, and before them what ``lock`` takes.
    ``is_trace``: those have only something left of the person, and meet them no more.
    """
    _callbacks.append((forget, knows))
    if not is_trace:
        _meets.append(knows)
    if lock is not None:
        _locks.append(lock)


def after_erase(clear: Forget) -> None:
    """Registers how an app removes what an erased person has left, in the worker.

    It works in transactions of bounded size, changes nothing when it is called again, and may be
    interrupted anywhere. No read may show what it has not removed yet.
    """
    _clearings.append(clear)


def erase(user_id: int) -> None:
    """Erases a person: identifiers, profile, devices, codes and personal log go, sockets close; a
    job removes what they have written.

    Tells ``user:erased {user}`` to those who know them, say the apps above. Doing it again changes
    nothing.
    """
    while not _erase_if_locked(user_id):
        pass


def _erase_if_locked(user_id: int) -> bool:
    """False, with nothing done and no lock kept, where there was more to lock in the meantime."""
    with transaction.atomic():
        all_is_locked = [lock(user_id) for lock in _locks]
        # Then these, as whoever answers a code locks it before the account.
        list(_codes_of(User.objects.get(pk=user_id)).select_for_update().values_list("pk"))
        # All rows in one order, so that two people who erase themselves do not wait for each other.
        ids = {user_id, *who_knows(user_id)}
        locked = User.objects.select_for_update(no_key=True).filter(pk__in=ids)
        people = {user.pk: user for user in locked.order_by("pk")}
        user = people.get(user_id)
        if user is None or user.deleted_at is not None:
            return True
        told = who_knows(user_id)  # from here on nobody gets to know them
        if not (told <= ids and all(is_locked() for is_locked in all_is_locked)):
            transaction.set_rollback(True)
            return False
        for forget, _ in _callbacks:
            forget(user_id)
        _forget(user)
        close_users([user_id])
        data = {"user": str(user_id)}
        tell_each({one: ("user:erased", data) for one in told})
        clear.defer(user_id=user_id)
        clear.configure(schedule_at=now() + _STRAGGLERS_AFTER).defer(user_id=user_id)
        return True


@app.task(
    name="accounts.clear",
    queue="maintenance",
    retry=RetryStrategy(max_attempts=10, exponential_wait=3),
)
def clear(user_id: int) -> None:
    """Removes all that an erased person has left. Nothing of it is shown any more.

    It may run twice. What fails in one app does not keep the others from removing theirs; the job
    is then tried again.
    """
    if not User.objects.filter(pk=user_id, deleted_at__isnull=False).exists():
        return
    failures = []
    for one in _clearings:
        try:
            one(user_id)
        except Exception as error:  # raised again below
            log.warning("clearing_failed", app=one.__module__, error=str(error))
            failures.append(error)
    if failures:
        raise failures[0]
    with transaction.atomic():
        # An act that was on its way may have written into the log of somebody who is gone.
        rows = User.objects.filter(pk=user_id)
        rows.update(log_floor=F("log_position"), cleared_at=now())
        PersonalEvent.objects.filter(user_id=user_id).delete()


def finish_erasures(at: datetime, dry_run: bool = False) -> int:
    """Clears what is left of people whose job has failed for good or got lost; answers of how
    many.
    """
    erased = User.objects.filter(deleted_at__lt=at - _LOST_AFTER, cleared_at=None)
    ids = list(erased.order_by("deleted_at").values_list("pk", flat=True))
    if not dry_run:
        for user_id in ids:
            clear.defer(user_id=user_id)
    return len(ids)


def who_knows(user_id: int) -> set[int]:
    """Everybody who meets the person somewhere, say the apps above; not the person."""
    return {one for _, knows in _callbacks for one in knows(user_id)} - {user_id}


def who_meets(user_id: int) -> set[int]:
    """Of those who know the person, who may still see how they are called; not the person."""
    return {one for knows in _meets for one in knows(user_id)} - {user_id}


def _codes_of(user: User) -> QuerySet[Challenge]:
    # Not the pending ones: codes to them may be somebody else's.
    identifiers = [one for one in (user.email, user.phone) if one]
    return Challenge.objects.filter(Q(identifier__in=identifiers) | Q(user=user)).order_by("pk")


def _forget(user: User) -> None:
    _codes_of(user).delete()
    Device.objects.filter(user=user).delete()
    PersonalEvent.objects.filter(user=user).delete()
    blank = User(pk=user.pk)
    user.username = f"{ERASED_PREFIX}{user.pk}"
    user.name = ERASED_NAME
    user.about = ""
    user.avatar_id = None
    user.email = user.phone = None
    user.pending_email = user.pending_phone = ""
    for field in ("last_seen", "online", "avatar", "about", "statuses"):
        setattr(user, f"privacy_{field}", getattr(blank, f"privacy_{field}"))
    user.set_unusable_password()
    user.last_seen_at = None
    user.last_login = user.suspended_until = None
    user.suspension_reason = ""
    user.is_active = user.is_staff = user.is_superuser = False
    user.log_floor = user.log_position
    user.deleted_at = now()
    user.save()
    user.groups.clear()
    user.user_permissions.clear()
