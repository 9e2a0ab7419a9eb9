"""The fixed table of commands (client to server) and events (server to client)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from realtime.session import Session

Guard = Callable[[Session, bytes], None]
Render = Callable[[Any, Any], Any]
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Command:
    """One command of the socket: a thin adapter that calls an action.

    ``run(session, data)`` runs in the thread bridge, one at a time a socket, and answers the data
    of the event ``reply`` (None: there is no reply), or a ``Reply`` of another event. With
    ``render`` it runs on the loop instead and answers a future at once; the socket reads on (up to
    SOCKET_SENDS_IN_FLIGHT of them) and replies with ``render(data, result)``.

    ``guard(session, raw data)`` runs in the bridge before bad data is refused, and raises NotFound
    where the caller must not learn more than that.
    """

    name: str
    shape: Any
    decoder: "msgspec.json.Decoder[Any]"
    reply: str | None
    run: Callable[[Session, Any], Any]
    render: Render | None
    guard: Guard | None


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that is another event than the command's usual one."""

    event: str
    data: Any


commands: dict[str, Command] = {}
events: dict[str, Any] = {}


def command(
    name: str,
    shape: Any,
    *,
    reply: str | None = None,
    render: Render | None = None,
    guard: Guard | None = None,
) -> Callable[[F], F]:
    """Registers an adapter for a command whose data has ``shape``; see Command."""

    def register(run: F) -> F:
        assert name not in commands, f"two commands are called {name}"
        decoder = msgspec.json.Decoder(shape)
        commands[name] = Command(name, shape, decoder, reply, run, render, guard)
        return run

    return register


def event(name: str) -> Callable[[F], F]:
    """Declares the TypedDict of an event's data, for /asyncapi.json and for tests."""

    def register(shape: F) -> F:
        assert name not in events, f"two events are called {name}"
        events[name] = shape
        return shape

    return register
