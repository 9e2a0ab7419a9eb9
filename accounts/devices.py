"""Signed-in devices: made by a login, listed, revoked."""

from collections.abc import Callable, Collection
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Device, User
from accounts.suspensions import account_suspended, may_enter
from core.clock import now
from core.errors import NotFound
from realtime.control import close_devices

#: ``fn(device ids)`` removes what an app holds of devices.
OnRevoke = Callable[[Collection[int]], None]

_on_revoke: list[OnRevoke] = []


def on_revoke(callback: OnRevoke) -> OnRevoke:
    """Registers what to do in the transaction that signs devices out."""
    _on_revoke.append(callback)
    return callback


def sign_in(user: User, *, name: str, platform: str, by_code: bool) -> Device:
    """A new device of the user's. Beyond DEVICES_PER_USER the longest unused ones are revoked.

    Locks the user row: simultaneous logins count each other, and none outruns a suspension or an
    erasure. Raises Forbidden ``account_suspended``.
    """
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if not may_enter(user):
            raise account_suspended(user)
        at = now()
        device = Device.objects.create(
            user=user,
            name=name,
            platform=platform,
            rotations=[at],
            created_at=at,
            last_used_at=at,
            otp_at=at if by_code else None,
        )
        surplus = of_user(user.pk).values_list("pk", flat=True)[settings.DEVICES_PER_USER :]
        if ids := list(surplus):
            revoke(Device.objects.filter(pk__in=ids))
    return device


def of_user(user_id: int) -> QuerySet[Device]:
    """The user's devices that are signed in, the most recently used first."""
    alive = Device.objects.filter(user_id=user_id, revoked_at=None)
    fresh = alive.filter(last_used_at__gt=now() - timedelta(seconds=settings.REFRESH_LIFETIME))
    return fresh.order_by("-last_used_at", "-id")


def live(device_ids: Collection[int]) -> set[int]:
    """Those of ``device_ids`` that are still signed in, of people who are not suspended."""
    rows = Device.objects.filter(pk__in=device_ids, revoked_at=None, user__is_active=True)
    return set(rows.values_list("pk", flat=True))


def revoke(devices: QuerySet[Device]) -> list[int]:
    """Revokes those of ``devices`` that are signed in and closes their sockets on commit (4401)."""
    with transaction.atomic():
        ids = list(devices.filter(revoked_at=None).values_list("pk", flat=True))
        Device.objects.filter(pk__in=ids, revoked_at=None).update(revoked_at=now())
        close_devices(ids)
        for callback in _on_revoke:
            callback(ids)
    return ids


def revoke_one(user_id: int, device_id: int) -> None:
    """Revokes a device of the user's own; raises NotFound for any other."""
    if not revoke(Device.objects.filter(pk=device_id, user_id=user_id)):
        raise NotFound


def revoke_others(user_id: int, device_id: int | None) -> None:
    """Revokes the user's devices except ``device_id`` (None: all of them)."""
    devices = Device.objects.filter(user_id=user_id)
    revoke(devices if device_id is None else devices.exclude(pk=device_id))


def page_of(user_id: int, after: list[int] | None, count: int) -> list[Device]:
    """Up to ``count`` signed-in devices, the newest login first, after the id in ``after``."""
    rows = of_user(user_id).order_by("-id")
    if after is not None:
        rows = rows.filter(pk__lt=after[0])
    return list(rows[:count])
