"""Receipts: two marks a member that only rise, raised for many at once."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from chat.access import chat_not_found
from chat.batcher import Batcher
from chat.receipts import MarkKind, Marks, tell_senders
from chat.sql.marks import RAISE_MARKS
from core.errors import AppError, Invalid
from realtime.bus import publish


@dataclass(frozen=True, slots=True)
class Raise:
    """A wish to raise one of a member's marks to ``seq``; ``socket`` is the one that asks."""

    chat_id: int
    user_id: int
    kind: MarkKind
    seq: int
    socket: int = 0


class MarksStatement:
    """Raises marks; see ``chat.sql.marks.RAISE_MARKS``."""

    name = "marks"
    sql = RAISE_MARKS

    def key(self, item: Raise) -> Hashable:
        """Any number of raises of one member go together: the highest wins."""
        return item

    def params(self, items: Sequence[Raise]) -> dict[str, Any]:
        """The arrays of RAISE_MARKS."""
        return {
            "chat": [item.chat_id for item in items],
            "user": [item.user_id for item in items],
            "delivered": [item.seq if item.kind == "delivered" else 0 for item in items],
            "seen": [item.seq if item.kind == "seen" else 0 for item in items],
        }

    def results(
        self, items: Sequence[Raise], rows: Sequence[tuple[Any, ...]]
    ) -> list[Marks | AppError]:
        """A mark above the head is refused, whatever else of the batch went through."""
        found = {(row[0], row[1]): Marks(*row) for row in rows}
        results: list[Marks | AppError] = []
        for item in items:
            marks = found.get((item.chat_id, item.user_id))
            if marks is None:
                results.append(chat_not_found())
            elif item.seq > marks.head:
                results.append(above_head())
            else:
                results.append(marks)
        return results

    def committed(self, items: Sequence[Raise], results: Sequence[Marks | AppError]) -> None:
        """Tells the own devices, and the peer what both sides' settings allow."""
        raised: dict[tuple[int, int], tuple[Marks, int]] = {}
        for item, marks in zip(items, results, strict=True):
            if isinstance(marks, AppError):
                continue
            member = item.chat_id, item.user_id
            # Two sockets that raise together hear of each other by the push.
            is_alone = member not in raised or raised[member][1] == item.socket
            raised[member] = marks, item.socket if is_alone else 0
        for marks, socket in raised.values():
            _tell(marks, socket)


def _tell(marks: Marks, socket: int) -> None:
    seen, delivered = marks.seen > marks.was_seen, marks.delivered > marks.was_delivered
    own = [marks.user_id]
    if seen:
        publish(own, "message:seen", marks.payload("seen"), skip=socket)
    elif delivered:
        publish(own, "message:delivered", marks.payload("delivered"), skip=socket)
    if marks.peer_id is None:
        if delivered or seen:
            tell_senders(marks)
        return
    if not marks.is_connected:
        return
    # A seen mark raises delivered: who may not be told of the one is told of the other.
    if seen and marks.tells_seen:
        publish([marks.peer_id], "message:seen", marks.payload("seen"))
    elif delivered:
        publish([marks.peer_id], "message:delivered", marks.payload("delivered"))


def above_head() -> Invalid:
    """Nobody can have received what is not there."""
    return Invalid("seq_above_head", "The chat has no message of this seq yet.")


marker: Batcher[Raise, Marks] = Batcher(MarksStatement())
