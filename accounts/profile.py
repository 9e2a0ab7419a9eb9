"""What people say about themselves, and who may see it."""

from collections.abc import Callable, Collection
from copy import copy
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from msgspec import UNSET
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.worker import Worker

from accounts.access import lock_account
from accounts.erasure import who_meets
from accounts.log import lock_logs, tell_each
from accounts.models import User
from accounts.passwords import checked_username, save_username
from accounts.payloads import people, person, privacy
from accounts.schemas import PatchPrivacy, PatchProfile
from core.clock import now
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
        before = copy(user)
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
        person_changed(before, user)
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
        person_changed(before, user)
    return user


def person_changed(before: User, after: User) -> None:
    """Tells ``user:updated`` of another privacy to the person's own devices at once, and has all
    who know them told if others meet them otherwise.

    In the transaction of the change, which holds their row since before ``before`` was read.
    """
    if privacy(before) != privacy(after):
        _tell({after.pk}, after.pk)
        for callback in _on_privacy_change:
            callback(before, after)
    if person(before) != person(after):
        profile_changed(after.pk)


def profile_changed(user_id: int) -> None:
    """Has a job tell ``user:updated`` to those who know the person, and to their own devices,
    PROFILE_NEWS_SECONDS (and up to one more) after the first change that it tells of.

    In the transaction that changes how others meet the person, which holds their row: a job that
    waits already sees that change too, as it takes the row first.
    """
    # They may be thousands, whose rows it holds: who changes on and on has it run no more often.
    at = now() + timedelta(seconds=settings.PROFILE_NEWS_SECONDS)
    try:
        with transaction.atomic():
            # No lock of the queue: one that is tried again would stand behind the one that waits.
            job = tell_profile.configure(queueing_lock=f"profile:{user_id}", schedule_at=at)
            job.defer(user_id=user_id)
    except AlreadyEnqueued:
        pass


def _wait_no_more(tell: Callable[[], None], context: JobContext, worker: Worker) -> None:
    """Lets the next change have a job of its own from here on: one that fails and is tried again
    would collide with it, or keep it waiting as long as itself.
    """
    with connection.cursor() as cursor:
        sql = "UPDATE procrastinate_jobs SET queueing_lock = NULL WHERE id = %s"
        cursor.execute(sql, [context.job.id])
    tell()


@app.task(
    name="accounts.tell_profile",
    queue="default",
    retry=RetryStrategy(max_attempts=6, exponential_wait=3),
    task_middleware=[_wait_no_more],
)
def tell_profile(user_id: int) -> None:
    """Tells how a person is called and looks by now; nothing of one who is erased, and nothing to
    one who is, or who has nothing to do with the person any more.
    """
    while not _tell_if_locked(user_id):
        pass


def _tell_if_locked(user_id: int) -> bool:
    """False, with nobody told and no lock kept, where others have met the person in the meantime:
    they may have read how the person was called before.
    """
    with transaction.atomic():
        # Their row too: an erasure comes before this, or finds all of it told.
        ids = {user_id, *who_meets(user_id)}
        lock_logs(ids)
        told = {user_id, *who_meets(user_id)}  # without who has parted from them before the lock
        if not told <= ids:
            transaction.set_rollback(True)
            return False
        there = User.objects.filter(pk__in=told, deleted_at=None)
        told = set(there.values_list("pk", flat=True))
        if user_id in told:
            _tell(told, user_id)
        return True


def _tell(told: Collection[int], user_id: int) -> None:
    kept = {"user": str(user_id)}
    data = {**kept, "users": people([user_id])}
    tell_each({one: ("user:updated", data) for one in told}, kept=kept)
