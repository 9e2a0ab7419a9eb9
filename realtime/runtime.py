"""The event loop of a web process, for threads that must reach it."""

import asyncio
import secrets

#: A name of this process, which no other has.
PROCESS = secrets.token_hex(6)

_loop: asyncio.AbstractEventLoop | None = None


def register() -> None:
    """Makes the running loop the one that ``loop`` answers."""
    global _loop
    _loop = asyncio.get_running_loop()


def unregister() -> None:
    """Forgets it, before the loop ends."""
    global _loop
    _loop = None


def loop() -> asyncio.AbstractEventLoop | None:
    """The web process's loop; None in workers, commands and plain tests."""
    return _loop


def is_on_loop() -> bool:
    """Whether the caller runs on that loop (and so must not wait for it)."""
    try:
        return asyncio.get_running_loop() is _loop
    except RuntimeError:
        return False
