"""Codes that prove an identifier: requested, sent, answered once.

Everything is counted under row locks in PostgreSQL. Nothing here tells whether there is an account.
"""

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Callable
from datetime import timedelta
from enum import Enum, auto
from typing import NamedTuple, TypeVar

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts import delivery
from accounts.access import lock_account
from accounts.delivery.message import Channel, Message
from accounts.devices import sign_in
from accounts.identifiers import Identifier
from accounts.limits import DAY, HOUR, subject, take
from accounts.models import Challenge, Device, User
from accounts.payloads import CodeSent
from core.clock import now
from core.errors import AppError, Conflict, Gone, Invalid, RateLimited
from core.keys import derived_key

T = TypeVar("T")

_USERNAME_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"


class SignedIn(NamedTuple):
    """What a login leads to; ``device.user`` is the account."""

    device: Device
    created: bool


class _Outcome(Enum):
    RIGHT = auto()
    WRONG = auto()
    SPENT = auto()
    EXPIRED = auto()


def request_code(identifier: Identifier, *, network: str, user: User | None = None) -> CodeSent:
    """Sends a new code, which replaces an earlier one; ``user`` wants the identifier as their own.

    Raises RateLimited within OTP_RESEND seconds of the last code to this identifier and beyond the
    budgets of the identifier and of the caller's network.
    """
    with transaction.atomic():
        # Its row's lock lets requests for one identifier take turns, so two cannot both be first.
        take(f"otp:{subject(identifier.value)}", settings.OTP_PER_IDENTIFIER_PER_DAY, DAY)
        _refuse_in_cooldown(identifier)
        take(f"otp-network:{network}", settings.OTP_PER_IP_PER_HOUR, HOUR)
        at = now()
        challenge = Challenge(
            identifier=identifier.value,
            user=user,
            created_at=at,
            expires_at=at + timedelta(seconds=settings.OTP_LIFETIME),
        )
        code = f"{secrets.randbelow(10**6):06}"
        challenge.code_hash = _hash(challenge, code)
        challenge.save(force_insert=True)
        delivery.send(_message(identifier, code))
    return {
        "identifier": identifier.value,
        "channel": delivery.channel_of(identifier.kind),
        "expires_in": settings.OTP_LIFETIME,
        "resend_in": settings.OTP_RESEND,
    }


def sign_in_by_code(
    identifier: Identifier, code: str, *, device_name: str, device_platform: str
) -> SignedIn:
    """A new device for whoever answers the newest code; the first time this makes the account.

    Raises Invalid ``otp_invalid``, Gone ``otp_spent`` or ``otp_expired``, Forbidden
    ``account_suspended``. A wrong try is counted although the answer is an error.
    """

    def act() -> SignedIn:
        user, created = _user_of(identifier)
        device = sign_in(user, name=device_name, platform=device_platform, by_code=True)
        return SignedIn(device, created)

    return _answer(identifier, code, None, act)


def prove_own(user: User, identifier: Identifier, code: str) -> User:
    """Adds or replaces the user's proven address or number; answers the user as it is then.

    Raises like ``sign_in_by_code``, and Conflict ``identifier_taken`` for another account's, which
    only whoever can read its codes gets to see.
    """

    def act() -> User | AppError:
        own = lock_account(user.pk)
        setattr(own, identifier.kind, identifier.value)
        setattr(own, f"pending_{identifier.kind}", "")
        try:
            with transaction.atomic():
                own.save(update_fields=[identifier.kind, f"pending_{identifier.kind}"])
        except IntegrityError:
            return Conflict("identifier_taken", "This belongs to another account.")
        return own

    return _answer(identifier, code, user, act)


def _answer(
    identifier: Identifier, code: str, user: User | None, act: Callable[[], T | AppError]
) -> T:
    """Checks ``code`` and, if it is right, does ``act`` in the transaction that uses it up.

    Refusals are raised after the commit: they must not undo the counting.
    """
    with transaction.atomic():
        # Locks the challenge: of simultaneous right answers the first uses it, the others see so.
        challenge = (
            Challenge.objects.select_for_update()
            .filter(identifier=identifier.value, user=user)
            .order_by("-id")
            .first()
        )
        outcome = _try(challenge, code)
        done = act() if outcome is _Outcome.RIGHT else _refusal(outcome)
    if isinstance(done, AppError):
        raise done
    return done


def _try(challenge: Challenge | None, code: str) -> _Outcome:
    if challenge is None:
        return _Outcome.WRONG
    if challenge.used_at is not None or challenge.tries >= settings.OTP_TRIES:
        return _Outcome.SPENT
    if challenge.expires_at <= now():
        return _Outcome.EXPIRED
    # People type "123 456" or full-width digits.
    typed = "".join(unicodedata.normalize("NFKC", code).split())
    if hmac.compare_digest(challenge.code_hash, _hash(challenge, typed)):
        challenge.used_at = now()
        challenge.save(update_fields=["used_at"])
        return _Outcome.RIGHT
    challenge.tries += 1
    challenge.save(update_fields=["tries"])
    return _Outcome.WRONG


def _refusal(outcome: _Outcome) -> AppError:
    match outcome:
        case _Outcome.SPENT:
            return Gone("otp_spent", "This code can be used no more. Ask for a new one.")
        case _Outcome.EXPIRED:
            return Gone("otp_expired", "This code has expired. Ask for a new one.")
        case _:
            return Invalid("otp_invalid", "This code is wrong.")


def _hash(challenge: Challenge, code: str) -> str:
    """A keyed hash that is good for one challenge only: no code carries over to another."""
    purpose = challenge.user_id or "login"
    text = f"{challenge.pk}:{purpose}:{challenge.identifier}:{code}"
    return hmac.new(
        derived_key("otp"), text.encode("utf-8", "surrogatepass"), hashlib.sha256
    ).hexdigest()


def _refuse_in_cooldown(identifier: Identifier) -> None:
    if not settings.RATE_LIMITS:
        return
    last = Challenge.objects.filter(identifier=identifier.value).order_by("-id").first()
    if last is None:
        return
    wait = settings.OTP_RESEND - (now() - last.created_at).total_seconds()
    if wait > 0:
        raise RateLimited(wait)


def _user_of(identifier: Identifier) -> tuple[User, bool]:
    """The account that proved this identifier before, or a new one."""
    proven = User.objects.filter(**{identifier.kind: identifier.value})
    while True:
        if user := proven.first():
            return user, False
        username = "user" + "".join(secrets.choice(_USERNAME_ALPHABET) for _ in range(8))
        user = User(username=username, **{identifier.kind: identifier.value})
        user.set_unusable_password()
        try:
            with transaction.atomic():
                user.save(force_insert=True)
        except IntegrityError:
            # Someone has this name, or added this identifier to their account just now.
            continue
        return user, True


def _message(identifier: Identifier, code: str) -> Message:
    minutes = max(1, settings.OTP_LIFETIME // 60)
    text = (
        f"{code} is your {settings.SERVER_NAME} code. It is good for {minutes} minutes."
        " Never tell it to anyone."
    )
    channel: Channel = "email" if identifier.kind == "email" else "sms"
    return Message(channel=channel, to=identifier.value, text=text, code=code)
