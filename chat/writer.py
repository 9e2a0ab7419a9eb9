"""The writer: the one way a message gets into a log, by group commit."""

import hashlib
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from accounts.payloads import Person
from chat.access import chat_closed, chat_not_found, chat_read_only
from chat.batcher import AGAIN, Batcher
from chat.payloads import MessageRow, message_payload
from chat.sql.send import SEND
from chat.unseen import note_sent
from core.errors import AppError, Conflict
from media.payloads import MediaPayload
from realtime.bus import publish
from realtime.hub import Audience


@dataclass(frozen=True, slots=True)
class Extra:
    """What a message has beyond its text; checked beforehand (``chat.actions.messages``)."""

    #: What a text is by its files.
    kind: str = ""
    content: dict[str, Any] | None = None
    reply_to: int | None = None
    #: The message that it answers, as ``MessageRow.quote`` has it.
    quote: dict[str, Any] | None = None
    forwards: int = 0
    mentions: list[int] | None = None
    #: Ids of media, and how they stand: only in a transaction that takes hold of them too
    #: (``chat.actions.attachments``).
    attachments: list[int] | None = None
    attached: list[MediaPayload] | None = None
    #: People whom the message names and its readers may not know: the push names them.
    users: dict[str, Person] | None = None

    def columns(self) -> bytes:
        """What the statement stores, as JSON; only what is there."""
        columns = {
            "content": self.content,
            "reply_to": self.reply_to,
            "forwards": self.forwards or None,
            "mentions": self.mentions or None,
            "attachments": self.attachments or None,
        }
        return msgspec.json.encode({name: it for name, it in columns.items() if it is not None})


PLAIN = Extra()


@dataclass(frozen=True, slots=True)
class Draft:
    """A message to write. ``socket`` is the sender's own socket, which gets no push of it."""

    chat_id: int
    sender_id: int
    client_id: str
    text: str
    kind: str = "text"
    socket: int = 0
    extra: Extra = PLAIN
    #: A digest of what was asked for, where that is not the message itself: a forward, what was
    #: scheduled and changed since, or what files have made of it.
    asked: bytes = b""

    def digest(self) -> bytes:
        """16 bytes (BLAKE2b) of all that makes a repeat the same message."""
        if self.asked:
            return self.asked
        content: list[Any] = [self.chat_id, self.kind, self.text]
        if self.extra is not PLAIN:
            content.append(self.extra.columns().decode())
        return hashlib.blake2b(msgspec.json.encode(content), digest_size=16).digest()


@dataclass(frozen=True, slots=True)
class Written:
    """Where a message stands; ``is_repeat`` when its client_id had been written before."""

    chat_id: int
    seq: int
    created_at: datetime
    is_repeat: bool
    to: "Audience | list[int]"
    expires_at: datetime | None = None


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
            "extra": [
                None if item.extra is PLAIN else item.extra.columns().decode() for item in items
            ],
        }

    def results(
        self, items: Sequence[Draft], rows: Sequence[tuple[Any, ...]]
    ) -> list[Written | AppError]:
        """An item without a row is of no chat of its sender's."""
        results: list[Written | AppError] = [chat_not_found() for _ in items]
        for i, state, chat_id, seq, created_at, low, high, version, expires_at in rows:
            if state == "sent":
                to = Audience(chat_id, version) if low is None else [low, high]
                results[i] = Written(chat_id, seq, created_at, False, to, expires_at)
            elif state == "repeat":
                results[i] = Written(chat_id, seq, created_at, True, [])
            elif state == "again":
                results[i] = AGAIN
            elif state == "reused":
                results[i] = reused()
            elif state == "read_only":
                results[i] = chat_read_only()
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
            data: dict[str, Any] = {"message": message_payload(row_of(draft, written))}
            if draft.extra.users:
                data["users"] = draft.extra.users
            publish(written.to, "chat:receive", data, skip=draft.socket)
            note_sent(written.chat_id, draft.sender_id, written.created_at)


def row_of(draft: Draft, written: Written) -> MessageRow:
    """The row that the statement has inserted, without reading it again."""
    extra = draft.extra
    return MessageRow(
        written.chat_id,
        written.seq,
        draft.sender_id,
        draft.client_id,
        draft.kind,
        draft.text,
        extra.content,
        extra.reply_to,
        extra.forwards,
        extra.mentions,
        preview=None,
        created_at=written.created_at,
        edited_at=None,
        deleted_at=None,
        pinned_at=None,
        expires_at=written.expires_at,
        quote=extra.quote,
        attached=extra.attached,
    )


# Made anew each time: an exception keeps the trace of everybody who has raised it.


def reused() -> Conflict:
    """The sender has used this client_id for other content."""
    return Conflict("client_id_reused", "This client_id was used for another message.")


writer: Batcher[Draft, Written] = Batcher(SendStatement())
