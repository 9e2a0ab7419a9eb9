"""Accounts with a password: register, sign in, change it."""

import re
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q

from accounts.access import lock_account
from accounts.devices import revoke_others, sign_in
from accounts.identifiers import Identifier, may_be_phone, parse_email, parse_phone
from accounts.limits import HOUR, give_back, subject, take
from accounts.models import USERNAME_PATTERN, Device, User
from accounts.otp import SignedIn
from core.clock import now
from core.errors import Conflict, Forbidden, Invalid, Unauthenticated

#: Names of erased accounts begin with this; nobody may look like one.
ERASED_PREFIX = "deleted."

_USERNAME = re.compile(USERNAME_PATTERN)


def register(
    *,
    username: str,
    password: str,
    email: Identifier | None,
    phone: Identifier | None,
    network: str,
    device_name: str,
    device_platform: str,
) -> SignedIn:
    """A new account and its first device. Email and phone stay pending until a code proves them.

    Raises Invalid ``username_invalid`` or ``password_weak``, Conflict ``username_taken``,
    RateLimited.
    """
    user = User(
        username=checked_username(username),
        pending_email=email.value if email else "",
        pending_phone=phone.value if phone else "",
    )
    check_strength(password, user)
    with transaction.atomic():
        take(f"register-network:{network}", settings.REGISTER_PER_IP_PER_HOUR, HOUR)
    user.set_password(password)
    with transaction.atomic():
        save_username(user, force_insert=True)
        device = sign_in(user, name=device_name, platform=device_platform, by_code=False)
    return SignedIn(device, created=True)


def sign_in_by_password(
    identifier: str, password: str, *, network: str, device_name: str, device_platform: str
) -> SignedIn:
    """A new device for whoever knows the password of a username, proven email or phone.

    Raises Unauthenticated ``credentials_invalid`` for a wrong password and for nobody alike,
    Forbidden ``account_suspended``, RateLimited.
    """
    user = check_credentials(identifier, password, network=network)
    if user is None:
        raise Unauthenticated("credentials_invalid", "Wrong name or password.")
    device = sign_in(user, name=device_name, platform=device_platform, by_code=False)
    return SignedIn(device, created=False)


def check_credentials(identifier: str, password: str, *, network: str) -> User | None:
    """The user with this name and password, suspended or not; every way in asks here.

    Counts the try before it looks, so that many at once gain nothing, and takes it back when it
    was right. Raises RateLimited. A wrong one takes the same time whoever there is: of one hash, or
    of two for what may be a phone number, as then there may be two users.
    """
    name = identifier.strip().lower()
    candidates, most = Q(username=name), 1
    if "@" in name:
        name = _parsed_or_none(name) or name
        candidates = Q(email=name)
    elif may_be_phone(name):
        # A user name may look like a number; then both are meant.
        candidates, most = candidates | Q(phone=parse_phone(name).value), 2
    users = list(User.objects.filter(candidates, deleted_at=None).order_by("pk")[:2])
    # By account, so that its names, addresses and their spellings share one count.
    keys = [_counter(user) for user in users] or [f"password:{subject(name)}"]
    network_key = f"password-network:{network}"
    with transaction.atomic():
        for key in keys:
            take(key, settings.LOGIN_TRIES_PER_IDENTIFIER_PER_HOUR, HOUR)
        take(network_key, settings.LOGIN_TRIES_PER_IP_PER_HOUR, HOUR)
    for user in users:
        if user.check_password(password):
            for key in [*keys, network_key]:
                give_back(key)
            return user
    for _ in range(most - len(users)):
        make_password(password)
    return None


def change_password(user: User, device_id: int | None, *, current: str | None, new: str) -> User:
    """Sets a password and revokes the user's other devices.

    ``current`` may be left out within PASSWORD_WITHOUT_CURRENT_SECONDS of signing in by a code on
    this device. Raises Forbidden ``current_password_required``, Invalid ``password_wrong`` or
    ``password_weak``, RateLimited.
    """
    if current is not None:
        _check_current(user, current)
    elif not _signed_in_by_code_just_now(device_id):
        message = "Give the current password, or sign in by a code first."
        raise Forbidden("current_password_required", message)
    check_strength(new, user)
    password = make_password(new)
    with transaction.atomic():
        user = lock_account(user.pk)
        user.password = password
        user.save(update_fields=["password"])
        revoke_others(user.pk, device_id)
    return user


def checked_username(text: str) -> str:
    """A user name as it is stored: lower case; raises Invalid ``username_invalid``."""
    username = text.lower()
    if not _USERNAME.match(username) or username.startswith(ERASED_PREFIX):
        message = "3 to 32 of a-z, 0-9, _ and dot."
        raise Invalid("username_invalid", message, fields={"username": [message]})
    return username


def save_username(user: User, **how: bool | list[str]) -> None:
    """Saves the user; raises Conflict ``username_taken`` where another has the name."""
    try:
        with transaction.atomic():
            user.save(**how)  # type: ignore[arg-type]  # passed on as given
    except IntegrityError as error:
        if "username" not in str(error):
            raise
        message = "This user name is taken."
        raise Conflict("username_taken", message, fields={"username": [message]}) from error


def check_strength(password: str, user: User) -> None:
    """Raises Invalid ``password_weak`` with what Django's validators say."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        fields = {"password": list(error.messages)}
        raise Invalid("password_weak", " ".join(error.messages), fields=fields) from error


def _check_current(user: User, current: str) -> None:
    key = _counter(user)
    with transaction.atomic():
        take(key, settings.LOGIN_TRIES_PER_IDENTIFIER_PER_HOUR, HOUR)
    if not user.check_password(current):
        message = "This is not your current password."
        raise Invalid("password_wrong", message, fields={"current": [message]})
    give_back(key)


def _counter(user: User) -> str:
    return f"password:{user.pk}"


def _signed_in_by_code_just_now(device_id: int | None) -> bool:
    if device_id is None:
        return False
    since = now() - timedelta(seconds=settings.PASSWORD_WITHOUT_CURRENT_SECONDS)
    return Device.objects.filter(pk=device_id, otp_at__gt=since).exists()


def _parsed_or_none(address: str) -> str | None:
    try:
        return parse_email(address).value
    except Invalid:
        return None
