"""The fixed table of commands (client to server) and events (server to client)."""

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from realtime.session import Session

Reply = dict[str, Any] | None
SyncCommand = Callable[[Session, Any], Reply]
AsyncCommand = Callable[[Session, Any], Awaitable[Reply]]
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Command:
    """One command of the socket.

    ``run`` answers the data of the reply event ``reply``, or None for no reply. Asynchronous ones
    run on the loop; the others in the thread bridge. ``pipelined`` ones are started in order but
    not awaited by the reader (at most SOCKET_SENDS_IN_FLIGHT of them).
    """

    name: str
    shape: Any
    decoder: "msgspec.json.Decoder[Any]"
    reply: str | None
    run: SyncCommand | AsyncCommand
    is_async: bool
    pipelined: bool


commands: dict[str, Command] = {}
events: dict[str, Any] = {}


def command(
    name: str, shape: Any, *, reply: str | None = None, pipelined: bool = False
) -> Callable[[F], F]:
    """Registers an adapter ``f(session, data)`` for a command whose data has ``shape``."""

    def register(run: F) -> F:
        assert name not in commands, f"two commands are called {name}"
        is_async = inspect.iscoroutinefunction(run)
        decoder = msgspec.json.Decoder(shape)
        commands[name] = Command(name, shape, decoder, reply, run, is_async, pipelined)
        return run

    return register


def event(name: str) -> Callable[[F], F]:
    """Declares the TypedDict of an event's data, for /asyncapi.json and for tests."""

    def register(shape: F) -> F:
        assert name not in events, f"two events are called {name}"
        events[name] = shape
        return shape

    return register
