"""The writer: the one way a message gets into a log, by group commit."""

import hashlib
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from chat.access import chat_not_found
from chat.batcher import Batcher
from chat.payloads import MessageRow, message_payload
from chat.sql import SEND
from core.errors import AppError, Conflict, Forbidden
from realtime.bus import Audience, publish


@dataclass(frozen=True, slots=True)
class Draft:
    """A message to write. ``socket`` is the sender's own socket, which gets no push of it."""

    chat_id: int
    sender_id: int
    client_id: str
    text: str
    kind: str = "text"
    socket: int = 0

    def digest(self) -> bytes:
        """16 bytes (BLAKE2b) of all that makes a repeat the same message."""
        content = msgspec.json.encode([self.chat_id, self.kind, self.text])
        return hashlib.blake2b(content, digest_size=16).digest()


@dataclass(frozen=True, slots=True)
class Written:
    """Where a message stands; ``is_repeat`` when its client_id had been written before."""

    chat_id: int
    seq: int
    created_at: datetime
    is_repeat: bool
    to: "Audience | list[int]"


class SendStatement:
    """Appends messages to their chats' logs; see ``chat.sql.SEND``."""

    name = "writer"
    sql = SEND

    def key(self, item: Draft) -> Hashable:
        """A repeat must find the first one written."""
        return item.sender_id, item.client_id

    def params(self, items: Sequence[Draft]) -> dict[str, Any]:
        """The arrays of SEND."""
        return {
            "i": list(range(len(items))),
            "chat": [item.chat_id for item in items],
            "sender": [item.sender_id for item in items],
            "client_id": [item.client_id for item in items],
            "digest": [item.digest() for item in items],
            "kind": [item.kind for item in items],
            "text": [item.text for item in items],
        }

    def results(
        self, items: Sequence[Draft], rows: Sequence[tuple[Any, ...]]
    ) -> list[Written | AppError]:
        """An item without a row is of no chat of its sender's."""
        results: list[Written | AppError] = [chat_not_found() for _ in items]
        for i, state, chat_id, seq, created_at, low, high, version in rows:
            if state == "sent":
                to = Audience(chat_id, version) if low is None else [low, high]
                results[i] = Written(chat_id, seq, created_at, False, to)
            elif state == "repeat":
                results[i] = Written(chat_id, seq, created_at, True, [])
            elif state == "reused":
                results[i] = reused()
            else:
                results[i] = chat_closed()
        return results

    def committed(self, items: Sequence[Draft], results: Sequence[Written | AppError]) -> None:
        """Pushes what is new, in the order of the log."""
        new = [
            (result, item)
            for item, result in zip(items, results, strict=True)
            if isinstance(result, Written) and not result.is_repeat
        ]
        if len(new) > 1:
            new.sort(key=lambda pair: (pair[0].chat_id, pair[0].seq))
        for written, draft in new:
            message = message_payload(row_of(draft, written))
            publish(written.to, "chat:receive", {"message": message}, skip=draft.socket)


def row_of(draft: Draft, written: Written) -> MessageRow:
    """The row that the statement has inserted, without reading it again."""
    return MessageRow(
        written.chat_id,
        written.seq,
        draft.sender_id,
        draft.client_id,
        draft.kind,
        draft.text,
        written.created_at,
        None,
    )


# Made anew each time: an exception keeps the trace of everybody who has raised it.


def reused() -> Conflict:
    """The sender has used this client_id for other content."""
    return Conflict("client_id_reused", "This client_id was used for another message.")


def chat_closed() -> Forbidden:
    """The two of a direct chat are connected no more."""
    return Forbidden("chat_closed", "You are not connected with this person any more.")


writer: Batcher[Draft, Written] = Batcher(SendStatement())
