"""What is pushed, each with its ``position`` in the receiver's personal log."""

from typing import TypedDict

from accounts.payloads import Person
from connections.payloads import RequestPayload
from realtime.registry import event


@event("connection:request")
class RequestMade(TypedDict):
    """Someone scanned a code: to its owner, and to the scanner's devices."""

    request: RequestPayload
    users: dict[str, Person]
    position: int


@event("connection:accepted")
class RequestAccepted(TypedDict):
    """The two are connected since then: to both."""

    request: RequestPayload
    users: dict[str, Person]
    since: str
    position: int


@event("connection:rejected")
class RequestClosed(TypedDict):
    """A request ended without a connection: ``rejected``, ``withdrawn`` or ``expired``; to both."""

    request: RequestPayload
    users: dict[str, Person]
    position: int


@event("connection:removed")
class ConnectionRemoved(TypedDict):
    """The receiver and ``user`` are connected no more, whatever the reason."""

    user: str
    position: int


@event("connection:blocked")
class PersonBlocked(TypedDict):
    """The receiver blocked ``user``, perhaps from another device."""

    user: str
    position: int


@event("connection:unblocked")
class PersonUnblocked(TypedDict):
    """The receiver lifted the block."""

    user: str
    position: int
