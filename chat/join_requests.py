"""Requests to join a group, and who is told of them."""

from collections.abc import Iterable
from typing import Any

from accounts.log import tell_each
from accounts.payloads import people
from chat.models import JoinRequest, Membership
from chat.payloads import JoinRequestPayload
from core.clock import now, rfc3339
from notifications.actions.notices import notify, retract

Status = JoinRequest.Status


def request_payload(request: JoinRequest) -> JoinRequestPayload:
    """A request as admins and who asked see it."""
    return {
        "id": str(request.pk),
        "chat": str(request.chat_id),
        "user": str(request.user_id),
        "invite": str(request.invite_id),
        "status": request.status,
        "created_at": rfc3339(request.created_at),
    }


def admin_ids(chat_id: int) -> list[int]:
    """The owner and the admins of a group, who are told of requests."""
    admins = Membership.objects.filter(chat_id=chat_id).exclude(role=Membership.Role.MEMBER)
    return list(admins.values_list("user_id", flat=True))


def open_requests(chat_id: int, user_ids: Iterable[int] | None = None) -> list[JoinRequest]:
    """Those that wait for an answer, of some people if they are given."""
    rows = JoinRequest.objects.filter(chat_id=chat_id, status=Status.PENDING)
    if user_ids is not None:
        rows = rows.filter(user_id__in=list(user_ids))
    return list(rows.order_by("pk"))


def decide(request: JoinRequest, status: Status, by: int | None, tell: Iterable[int]) -> None:
    """Closes an open request and tells some people and who asked ``join:decided``.

    Under the chat's lock, and holding the rows of those who are told. If who asked was erased in
    the meantime, the request is gone.
    """
    open_one = JoinRequest.objects.filter(pk=request.pk, status=Status.PENDING)
    if not open_one.update(status=status, decided_by=by, decided_at=now()):
        return
    request.status = status
    tell_request(request, "join:decided", {*tell, request.user_id})


def tell_request(request: JoinRequest, event: str, to: Iterable[int]) -> None:
    """Tells people of a request in its present state, and notifies whom it concerns: admins while
    it is open, then who asked.
    """
    told = list(to)
    kept: dict[str, Any] = {"request": request_payload(request)}
    data = {**kept, "users": people([request.user_id])}
    tell_each({one: (event, data) for one in told}, kept=kept)
    what, key = {"chat": str(request.chat_id), "request": str(request.pk)}, f"join:{request.pk}"
    if request.status == Status.PENDING:
        notify(told, "join_request", by=request.user_id, data=what, key=key)
    else:
        retract(told, key)
        notify([request.user_id], f"join_{request.status}", data=what)
