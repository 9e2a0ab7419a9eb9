"""Erasing an account: the row stays as the author of what others hold, the person is gone."""

from collections.abc import Callable, Iterable

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.log import tell_each
from accounts.models import Challenge, Device, PersonalEvent, User
from accounts.passwords import ERASED_PREFIX
from core.clock import now
from realtime.control import close_users

#: ``fn(user_id)`` removes what an app holds of the person and answers whom to tell.
OnErase = Callable[[int], Iterable[int] | None]

ERASED_NAME = "Deleted account"

_callbacks: list[OnErase] = []


def on_erase(callback: OnErase) -> OnErase:
    """Registers what to do in the transaction that erases someone, before their row changes."""
    _callbacks.append(callback)
    return callback


def erase(user_id: int) -> None:
    """Erases a person: identifiers, profile, devices, codes and personal log go, sockets close.

    Tells ``user:erased {user}`` to those whom the callbacks of ``on_erase`` name. Doing it again
    changes nothing.
    """
    with transaction.atomic():
        # First these, as whoever answers a code locks it before the account.
        list(_codes_of(User.objects.get(pk=user_id)).select_for_update().values_list("pk"))
        told: set[int] = set()
        for callback in _callbacks:
            told.update(callback(user_id) or ())
        told.discard(user_id)
        # All rows in one order, so that two people who erase themselves do not wait for each other.
        locked = User.objects.select_for_update(no_key=True).filter(pk__in={user_id, *told})
        people = {user.pk: user for user in locked.order_by("pk")}
        user = people.get(user_id)
        if user is None or user.deleted_at is not None:
            return
        _forget(user)
        close_users([user_id])
        data = {"user": str(user_id)}
        tell_each({one: ("user:erased", data) for one in told})


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
    user.email = user.phone = None
    user.pending_email = user.pending_phone = ""
    for field in ("last_seen", "online", "avatar", "about", "statuses"):
        setattr(user, f"privacy_{field}", getattr(blank, f"privacy_{field}"))
    user.set_unusable_password()
    user.last_seen_at = None
    user.last_login = None
    user.is_active = user.is_staff = user.is_superuser = False
    user.log_floor = user.log_position
    user.deleted_at = now()
    user.save()
    user.groups.clear()
    user.user_permissions.clear()
