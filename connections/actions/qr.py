"""Showing a QR code, and scanning one."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from accounts.access import lock_account
from accounts.limits import HOUR, take
from connections.access import lock_people
from connections.actions.expiry import close_expired
from connections.actions.tell import tell_both
from connections.models import ConnectionRequest, QrToken
from connections.queries import are_connected, blocked_between, open_between
from core.clock import now
from core.errors import Conflict, Gone, Invalid

Status = ConnectionRequest.Status

# 192 bits: nobody finds one by guessing within the life of the sun, let alone of the code.
TOKEN_BYTES = 24


@dataclass(frozen=True, slots=True)
class ShownQr:
    """A fresh code; the token is known here and to the owner's screen only."""

    token: str
    expires_at: datetime


def make_qr(*, owner_id: int) -> ShownQr:
    """A new single-use token for the person's code; the one before stops working.

    Raises Conflict ``requests_full`` while OPEN_REQUESTS_MAX requests wait for an answer.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction.atomic():
        lock_account(owner_id)
        _check_room("owner_id", owner_id)
        at = now()
        row, _ = QrToken.objects.update_or_create(
            owner_id=owner_id,
            defaults={
                "token_hash": _hash(token),
                "created_at": at,
                "expires_at": at + timedelta(seconds=settings.QR_LIFETIME),
                "used_at": None,
            },
        )
    return ShownQr(token, row.expires_at)


def withdraw_qr(*, owner_id: int) -> None:
    """The person closes the screen with the code: it stops working, if it still did."""
    QrToken.objects.filter(owner_id=owner_id).delete()


def scan(*, scanner_id: int, token: str) -> ConnectionRequest:
    """Spends a token and opens a request to its owner, who is told, as are the scanner's devices.

    Of any number of simultaneous scans one wins. Raises Invalid ``own_token``, Gone ``qr_gone``
    (used, expired, replaced, unknown, or a block between the two: they look alike), and, with the
    token left unspent, Conflict ``already_connected``, ``request_pending`` (a request between the
    two is open, whoever asked) or ``requests_full``; RateLimited beyond
    SCANS_PER_ACCOUNT_PER_HOUR scans, good or bad.
    """
    with transaction.atomic():
        take(f"scan:{scanner_id}", settings.SCANS_PER_ACCOUNT_PER_HOUR, HOUR)
    token_hash = _hash(token)
    owner_id = (
        QrToken.objects.filter(token_hash=token_hash).values_list("owner_id", flat=True).first()
    )
    if owner_id is None:
        raise _gone()
    if owner_id == scanner_id:
        raise Invalid("own_token", "This is your own code.")
    with transaction.atomic():
        people = lock_people(owner_id, scanner_id)
        at = now()
        # Between this look and the update below only a clock's tick or the owner's new code can
        # end the token: other scans wait for the owner's row. The update decides all the same.
        usable = QrToken.objects.filter(token_hash=token_hash, used_at=None, expires_at__gt=at)
        if len(people) < 2 or not usable.exists() or blocked_between(owner_id, scanner_id):
            raise _gone()
        if are_connected(owner_id, scanner_id):
            raise Conflict("already_connected", "You are connected already.")
        open_request = open_between(owner_id, scanner_id).first()
        if open_request is not None and not close_expired(open_request, at):
            raise Conflict("request_pending", "A request between you two is open already.")
        _check_room("scanner_id", scanner_id)
        if usable.update(used_at=at) != 1:
            raise _gone()
        request = ConnectionRequest.objects.create(
            scanner_id=scanner_id,
            owner_id=owner_id,
            created_at=at,
            expires_at=at + timedelta(seconds=settings.REQUEST_LIFETIME),
        )
        tell_both(request, "connection:request")
    return request


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _gone() -> Gone:
    return Gone("qr_gone", "This code has expired or was used. Ask for a new one.")


def _check_room(party: str, user_id: int) -> None:
    waiting = ConnectionRequest.objects.filter(
        **{party: user_id}, status=Status.PENDING, expires_at__gt=now()
    )
    if waiting.count() >= settings.OPEN_REQUESTS_MAX:
        raise Conflict("requests_full", "Too many requests are waiting for an answer.")
