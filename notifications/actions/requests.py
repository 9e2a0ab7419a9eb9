"""Notifications of connection requests."""

from connections.models import ConnectionRequest
from notifications.actions.notices import notify, retract

Status = ConnectionRequest.Status


def tell_of_request(request: ConnectionRequest) -> None:
    """A request to the QR code's owner stands in their list while it is open; an acceptance in
    the list of whoever asked. In the transaction that changes the request.
    """
    key = f"request:{request.pk}"
    data = {"request": str(request.pk)}
    if request.status == Status.PENDING:
        notify([request.owner_id], "connection_request", by=request.scanner_id, data=data, key=key)
        return
    retract([request.owner_id], key)
    if request.status == Status.ACCEPTED:
        notify([request.scanner_id], "connection_accepted", by=request.owner_id, data=data)
