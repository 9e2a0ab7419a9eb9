"""The two tokens of a device.

Access: a JWT of some minutes, HS256 under a key of its own. Refresh: device, generation and an
HMAC over both, so that a repeat inside the grace can get the same answer without a stored secret.
"""

import base64
import hashlib
import hmac
import re
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from django.conf import settings
from django.db.models import QuerySet
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import ExpiredTokenError, TokenError
from rest_framework_simplejwt.tokens import AccessToken

from accounts.devices import revoke
from accounts.models import Device, User
from accounts.suspensions import lift_ended
from core.clock import now
from core.errors import Unauthenticated
from core.keys import derived_key
from realtime.session import Session

_NAME = "chatproject"
_ACCESS_MAX_CHARS = 2_000
_REFRESH = re.compile(r"v1\.([0-9]{1,19})\.([0-9]{1,15})\.([A-Za-z0-9_-]{43})\Z")
#: How many of a device's last rotations are remembered for repeats.
_ROTATIONS_MAX = 20


class _AccessToken(AccessToken):
    """simplejwt's, with our key, audience and issuer."""

    @cached_property
    def token_backend(self) -> TokenBackend:
        return TokenBackend(
            "HS256", signing_key=derived_key("access").hex(), audience=_NAME, issuer=_NAME
        )


class Pair(NamedTuple):
    """What a login or a rotation gives out."""

    access: str
    refresh: str


def issue(device: Device, access_lifetime: timedelta | None = None) -> Pair:
    """The device's present tokens; makes no query. The same device row gives the same answer."""
    return _pair(device, device.generation, device.rotations[-1], access_lifetime)


def access_token(
    device: Device, generation: int, at: datetime, lifetime: timedelta | None = None
) -> str:
    """An access token as of ``at``, good for ``lifetime`` (ACCESS_TOKEN_LIFETIME)."""
    token = _AccessToken()
    lifetime = lifetime or timedelta(seconds=settings.ACCESS_TOKEN_LIFETIME)
    token.set_iat(at_time=at)
    token.set_exp(from_time=at, lifetime=lifetime)
    token["jti"] = f"{device.pk}.{generation}"
    token["sub"] = str(device.user_id)
    token["device"] = str(device.pk)
    token["generation"] = generation
    return str(token)


def device_of(access: str) -> tuple[Device, float]:
    """The device of an access token with its user, in one query, and when the token ends.

    Raises Unauthenticated ``token_expired``, ``token_invalid`` or ``device_revoked``.
    """
    if len(access) > _ACCESS_MAX_CHARS or not access.isascii():
        raise _token_invalid()
    try:
        token = _AccessToken(access)  # type: ignore[arg-type]  # simplejwt means a string
        device_id, user_id = int(token["device"]), int(token["sub"])
    except ExpiredTokenError as error:
        raise Unauthenticated("token_expired", "The access token has expired.") from error
    except (TokenError, KeyError, TypeError, ValueError) as error:
        raise _token_invalid() from error
    return live_device(device_id, user_id), float(token["exp"])


def live_device(device_id: int, user_id: int) -> Device:
    """A device that is signed in, with its user; raises Unauthenticated ``device_revoked``."""
    devices = Device.objects.filter(pk=device_id, user_id=user_id, revoked_at=None)
    device = _of_active_user(devices)
    if device is None:
        raise Unauthenticated("device_revoked", "This device is signed out.")
    return device


def session_of(access: str) -> Session:
    """Who an access token speaks for, the device looked up; raises Unauthenticated."""
    device, expires_at = device_of(access)
    return Session(user_id=device.user_id, device_id=device.pk, expires_at=expires_at)


def rotate(refresh: str) -> tuple[Device, Pair]:
    """Takes a refresh token for the next pair, by compare-and-swap on the device's generation.

    A used one gets the same answer again for REFRESH_GRACE seconds; later it revokes the device,
    for then two hold it. Raises Unauthenticated ``refresh_invalid`` or ``refresh_reused``.
    """
    device_id, generation = _read(refresh)
    while True:
        device = device_of_refresh(device_id)
        at = now()
        recent = device.rotations[-_ROTATIONS_MAX:]
        if generation < device.generation:
            return _repeat(device, generation, recent, at)
        # More than the row knows: the database went back to a backup. Trust our own signature.
        kept = recent if generation == device.generation else []
        rotations = [*(one for one in kept if _is_in_grace(one, at)), at]
        moved = Device.objects.filter(
            pk=device.pk, generation=device.generation, revoked_at=None
        ).update(generation=generation + 1, rotations=rotations, last_used_at=at)
        if moved:
            device.generation, device.rotations, device.last_used_at = generation + 1, rotations, at
            return device, issue(device)


def device_of_refresh(device_id: int) -> Device:
    """A device whose refresh token may still be used, with its user; raises Unauthenticated."""
    since = now() - timedelta(seconds=settings.REFRESH_LIFETIME)
    device = _of_active_user(
        Device.objects.filter(pk=device_id, revoked_at=None, last_used_at__gt=since)
    )
    if device is None:
        raise _refresh_invalid()
    return device


def _of_active_user(devices: QuerySet[Device]) -> Device | None:
    """The one of ``devices`` if its user is not suspended, with them. One query; two more once,
    when a suspension has just had its time.
    """
    active = devices.select_related("user").filter(user__is_active=True)
    device = active.first()
    if device is None and lift_ended(User.objects.filter(devices__in=devices)):
        device = active.first()
    return device


def holder_of(refresh: str) -> Device:
    """The device of a refresh token, present or used, without rotating it."""
    return device_of_refresh(_read(refresh)[0])


def _repeat(
    device: Device, generation: int, recent: list[datetime], at: datetime
) -> tuple[Device, Pair]:
    """The answer to a used token: ``recent[-1]`` made the present generation, and so backwards."""
    behind = device.generation - generation
    if behind <= len(recent) and _is_in_grace(recent[-behind], at):
        return device, _pair(device, generation + 1, recent[-behind])
    revoke(Device.objects.filter(pk=device.pk))
    raise Unauthenticated("refresh_reused", "This token was used before: the device is signed out.")


def _is_in_grace(used_at: datetime, at: datetime) -> bool:
    return at - used_at <= timedelta(seconds=settings.REFRESH_GRACE)


def _pair(
    device: Device, generation: int, at: datetime, access_lifetime: timedelta | None = None
) -> Pair:
    stem = f"v1.{device.pk}.{generation}"
    return Pair(access_token(device, generation, at, access_lifetime), f"{stem}.{_mac(stem)}")


def _read(refresh: str) -> tuple[int, int]:
    match = _REFRESH.match(refresh)
    if match is None:
        raise _refresh_invalid()
    stem, _, mac = refresh.rpartition(".")
    if not hmac.compare_digest(mac, _mac(stem)):
        raise _refresh_invalid()
    return int(match[1]), int(match[2])


def _mac(stem: str) -> str:
    digest = hmac.digest(derived_key("refresh"), stem.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _token_invalid() -> Unauthenticated:
    return Unauthenticated("token_invalid", "The access token is not one of this server's.")


def _refresh_invalid() -> Unauthenticated:
    return Unauthenticated("refresh_invalid", "Sign in again.")
