"""Entries for the personal logs of the two people a thing is between."""

from collections.abc import Callable
from typing import Any

from accounts.log import tell_each
from accounts.payloads import people
from connections.models import Connection, ConnectionRequest
from connections.payloads import request_payload
from core.clock import rfc3339
from realtime import control

#: ``fn(request)``: a request in its new state.
OnRequest = Callable[[ConnectionRequest], None]

_on_request: list[OnRequest] = []


def on_request(callback: OnRequest) -> OnRequest:
    """Registers what to do in the transaction that makes, answers or ends a request, which holds
    both people's rows.
    """
    _on_request.append(callback)
    return callback


def tell_both(request: ConnectionRequest, event: str, connection: Connection | None = None) -> None:
    """Tells both of a request in its new state; ``connection`` is what an acceptance made.

    In the caller's transaction, which holds both people's rows.
    """
    kept: dict[str, Any] = {"request": request_payload(request)}
    if connection is not None:
        kept["since"] = rfc3339(connection.since)
    ends = request.scanner_id, request.owner_id
    data = {**kept, "users": people(ends)}
    tell_each({user_id: (event, data) for user_id in ends}, kept=kept)
    for callback in _on_request:
        callback(request)


def tell_removed(a: int, b: int) -> None:
    """Tells both that they are connected no more, and every process that caches who knows whom.

    In the caller's transaction, which holds both people's rows.
    """
    tell_each(
        {
            a: ("connection:removed", {"user": str(b)}),
            b: ("connection:removed", {"user": str(a)}),
        }
    )
    forget_caches(a, b)


def forget_caches(a: int, b: int) -> None:
    """On commit, caches in web processes drop what they hold of the two."""
    control.notify("connections", [a, b])
