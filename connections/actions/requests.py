"""Answering a request, and withdrawing one."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from connections.access import lock_people, request_from, request_to
from connections.actions.tell import tell_both
from connections.models import Connection, ConnectionRequest
from connections.queries import connections_of
from core.clock import now
from core.errors import Conflict

Status = ConnectionRequest.Status


def accept_request(*, owner_id: int, request_id: int) -> ConnectionRequest:
    """Connects the two and tells both ``connection:accepted``.

    Raises NotFound for everyone but the QR code's owner, Conflict ``not_pending`` (answered,
    withdrawn or expired) or ``connections_full``.
    """
    request = request_to(owner_id, request_id)
    with transaction.atomic():
        lock_people(request.scanner_id, request.owner_id)
        at = _decide(request, Status.ACCEPTED)
        for user_id in (request.scanner_id, request.owner_id):
            if connections_of(user_id).count() >= settings.CONNECTIONS_MAX:
                raise Conflict("connections_full", "One of you has as many contacts as fit.")
        connection, _ = Connection.objects.get_or_create(
            low_id=min(request.scanner_id, request.owner_id),
            high_id=max(request.scanner_id, request.owner_id),
            defaults={"since": at},
        )
        tell_both(request, "connection:accepted", connection)
    return request


def reject_request(*, owner_id: int, request_id: int) -> ConnectionRequest:
    """Turns a request down and tells both ``connection:rejected``; raises like accepting."""
    return _refuse(request_to(owner_id, request_id), Status.REJECTED)


def withdraw_request(*, scanner_id: int, request_id: int) -> ConnectionRequest:
    """Takes one's own request back; both are told ``connection:rejected``, status ``withdrawn``.

    Raises NotFound for everyone but who scanned, Conflict ``not_pending``.
    """
    return _refuse(request_from(scanner_id, request_id), Status.WITHDRAWN)


def _refuse(request: ConnectionRequest, status: ConnectionRequest.Status) -> ConnectionRequest:
    with transaction.atomic():
        lock_people(request.scanner_id, request.owner_id)
        _decide(request, status)
        tell_both(request, "connection:rejected")
    return request


def _decide(request: ConnectionRequest, status: ConnectionRequest.Status) -> datetime:
    """Moves an open request to ``status``: of several decisions at once the first stands."""
    at = now()
    moved = ConnectionRequest.objects.filter(
        pk=request.pk, status=Status.PENDING, expires_at__gt=at
    ).update(status=status, decided_at=at)
    if moved != 1:
        raise Conflict("not_pending", "This request is not open any more.")
    request.status = status
    request.decided_at = at
    return at
