"""The ASGI application: HTTP by Django, the socket by Channels, and the process's own life."""

import os
import signal
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chatproject.settings")

from django.core.asgi import get_asgi_application

django_application = get_asgi_application()

import asyncio
import gc

import structlog
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.urls import path

from core.bodies import bounded
from media.incoming import received
from realtime import hub, lifecycle, runtime
from realtime.consumer import SocketConsumer

log = structlog.get_logger(__name__)

router = ProtocolTypeRouter(
    {
        "http": received(bounded(django_application)),
        "websocket": URLRouter([path("ws/", SocketConsumer.as_asgi())]),
    }
)


_open_sockets = 0


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Outermost: the lifespan, and for sockets the way to cut a connection for good."""
    match scope["type"]:
        case "lifespan":
            await _lifespan(receive, send)
        case "websocket":
            await _websocket(scope, receive, send)
        case _:
            await router(scope, receive, send)


async def _websocket(scope: dict[str, Any], receive: Any, send: Any) -> None:
    global _open_sockets
    # Also those that have not said who they are: the hub knows only the others.
    if scope["path"] != "/ws/" or _open_sockets >= settings.SOCKETS_PER_PROCESS:
        await send({"type": "websocket.close"})
        return
    # uvicorn's `send` is a method of the protocol, which knows the transport. A close frame
    # cannot reach a peer that does not read; abort() frees the memory at once.
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is not None:
        scope = {
            **scope,
            "extensions": {**scope.get("extensions", {}), "chatproject.abort": transport.abort},
        }
    _open_sockets += 1
    try:
        await router(scope, receive, send)
    finally:
        _open_sockets -= 1


async def _lifespan(receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            runtime.register()
            _close_sockets_on_sigterm()
            await lifecycle.started()
            _spare_the_garbage_collector()
            await send({"type": "lifespan.startup.complete"})
        else:
            await lifecycle.stopped()
            runtime.unregister()
            await send({"type": "lifespan.shutdown.complete"})
            return


def _spare_the_garbage_collector() -> None:
    """Frames make many short-lived objects and no cycles: what the start has made is never looked
    at again, and the rest much less often than by default (700 objects).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def _close_sockets_on_sigterm() -> None:
    """Tells clients when to come back before the server begins to close their connections."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        previous = signal.getsignal(number)

        def handle(signum: int, frame: Any, previous: Any = previous) -> None:
            loop.call_soon_threadsafe(hub.close_all)
            if callable(previous):
                previous(signum, frame)

        signal.signal(number, handle)
