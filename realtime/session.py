"""Who is at the other end of a request or a socket."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in device; ``expires_at`` (Unix seconds) is when its access token ends.

    ``socket`` tells the sockets of one process apart (tabs share a device) and stays the same when
    a socket authenticates again; 0 over HTTP.
    """

    user_id: int
    device_id: int
    expires_at: float
    socket: int = 0


@dataclass(frozen=True, slots=True)
class Identity:
    """What the assembly tells this app about accounts: three functions, all synchronous.

    ``resolve`` turns an access token into a Session or raises Unauthenticated; ``live`` keeps of
    some device ids those still signed in; ``hello`` makes the data of ``ready``.
    """

    resolve: Callable[[str], Session]
    live: Callable[[Collection[int]], set[int]]
    hello: Callable[[Session], dict[str, Any]]


_identity: Identity | None = None


def provide(identity: Identity) -> None:
    """Hands over the functions of ``Identity``; called once by chatproject."""
    global _identity
    _identity = identity


def identity() -> Identity:
    """The functions handed over; an error of assembly if there are none."""
    assert _identity is not None, "chatproject has not provided an Identity"
    return _identity
