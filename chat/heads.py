"""Heads: which of a person's chats moved lately, the cure for lost pushes.

One query a process answers all pings that came in during the last one, and repairs everybody at
once when the bus was away.
"""

from collections.abc import Hashable, Sequence
from typing import Any, TypedDict

from django.conf import settings

from chat.batcher import Batcher
from chat.epoch import current
from chat.sql.heads import HEADS
from core.errors import AppError, NotFound
from realtime import bus, hub
from realtime.frames import encode

_USERS_A_QUERY = 500


class Heads(TypedDict):
    """Where a person's logs stand; ``sync`` when more chats moved than are listed."""

    heads: dict[str, int]
    position: int
    sync: bool


class HeadsStatement:
    """Reads heads; see ``chat.sql.heads.HEADS``."""

    name = "heads"
    sql = HEADS

    def key(self, item: int) -> Hashable:
        """Two sockets of one user may ask together."""
        return object()

    def params(self, items: Sequence[int]) -> dict[str, Any]:
        """The arrays of HEADS."""
        return {
            "user": list(set(items)),
            "seconds": settings.HEADS_RECENT_SECONDS,
            "limit": settings.HEADS_MAX + 1,
        }

    def results(
        self, items: Sequence[int], rows: Sequence[tuple[Any, ...]]
    ) -> list[Heads | AppError]:
        """For each user its heads."""
        found: dict[int, Heads] = {}
        for user_id, position, chat_id, head in rows:
            of_user = found.setdefault(user_id, {"heads": {}, "position": position, "sync": False})
            if chat_id is None:
                continue
            if len(of_user["heads"]) < settings.HEADS_MAX:
                of_user["heads"][str(chat_id)] = head
            else:
                of_user["sync"] = True
        return [found.get(user_id) or NotFound() for user_id in items]

    def committed(self, items: Sequence[int], results: Sequence[Heads | AppError]) -> None:
        """It changes nothing."""


reader: Batcher[int, Heads] = Batcher(HeadsStatement())


@bus.on_gap
async def tell_heads() -> None:
    """Pushes every local user's heads, as a ``pong`` that nobody asked for."""
    users = hub.local_users()
    for begin in range(0, len(users), _USERS_A_QUERY):
        waiting = [reader.submit(user) for user in users[begin : begin + _USERS_A_QUERY]]
        for user_id, future in zip(users[begin : begin + _USERS_A_QUERY], waiting, strict=True):
            try:
                heads = await future
            except AppError:
                continue
            hub.deliver([user_id], encode("pong", pong(heads)))


def pong(heads: Heads) -> dict[str, Any]:
    """The data of ``pong``."""
    return {**heads, "epoch": current()}
