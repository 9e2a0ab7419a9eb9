"""A group chat as tutorials write it: one consumer a socket, one channel-layer group. No storage.

Only to be compared with: `bench.fanout` serves it with the same server and settings as ours.
"""

from typing import Any

from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import path

import chatproject.asgi  # noqa: F401  # sets Django up


class StockConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # untyped there
    """Joins the one room, and passes on what anybody says."""

    async def connect(self) -> None:
        """See Channels."""
        await self.channel_layer.group_add("room", self.channel_name)
        await self.accept()
        await self.send('{"event": "ready"}')

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """See Channels."""
        await self.channel_layer.group_send("room", {"type": "chat.message", "text": text_data})

    async def chat_message(self, event: dict[str, Any]) -> None:
        """One delivery."""
        await self.send(event["text"])


application = ProtocolTypeRouter({"websocket": URLRouter([path("ws/", StockConsumer.as_asgi())])})
