"""Hooks of the socket's and the web process's life, for apps above (presence, chat)."""

from collections.abc import Awaitable, Callable, Iterable

import structlog

from realtime.session import Session

log = structlog.get_logger(__name__)

SessionHook = Callable[[Session], Awaitable[None]]
ProcessHook = Callable[[], Awaitable[None]]

_open: list[SessionHook] = []
_close: list[SessionHook] = []
_heartbeat: list[SessionHook] = []
_start: list[ProcessHook] = []
_stop: list[ProcessHook] = []


def on_open(hook: SessionHook) -> SessionHook:
    """``hook(session)`` runs after a socket has said ``ready``."""
    _open.append(hook)
    return hook


def on_close(hook: SessionHook) -> SessionHook:
    """``hook(session)`` runs after a socket has closed, for whatever reason."""
    _close.append(hook)
    return hook


def on_heartbeat(hook: SessionHook) -> SessionHook:
    """``hook(session)`` runs at each ``ping``."""
    _heartbeat.append(hook)
    return hook


def on_start(hook: ProcessHook) -> ProcessHook:
    """``hook()`` runs once the loop of a web process runs."""
    _start.append(hook)
    return hook


def on_stop(hook: ProcessHook) -> ProcessHook:
    """``hook()`` runs before it ends, in reverse order."""
    _stop.append(hook)
    return hook


async def opened(session: Session) -> None:
    """Runs the hooks of ``on_open``."""
    await _run(_open, session)


async def closed(session: Session) -> None:
    """Runs the hooks of ``on_close``."""
    await _run(_close, session)


async def beat(session: Session) -> None:
    """Runs the hooks of ``on_heartbeat``."""
    await _run(_heartbeat, session)


async def started() -> None:
    """Runs the hooks of ``on_start``; an error ends the process's start."""
    for hook in _start:
        await hook()


async def stopped() -> None:
    """Runs the hooks of ``on_stop``, the last registered first."""
    for hook in reversed(_stop):
        await hook()


async def _run(hooks: Iterable[SessionHook], session: Session) -> None:
    for hook in hooks:
        try:
            await hook(session)
        except Exception:  # one app's trouble must not cost another's its turn, nor the socket
            log.exception("lifecycle_hook", hook=getattr(hook, "__qualname__", repr(hook)))
