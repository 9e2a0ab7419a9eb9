"""Sync by heads: the client says what it has, the server says the rest (docs/decisions/0003)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypedDict

from django.conf import settings
from django.db import connection, transaction

from accounts import log
from accounts.payloads import people
from chat.epoch import epoch
from chat.events import LogEvent, SyncAnswer
from chat.models import Membership
from chat.payloads import MessageRow, mark_payload, message_payload
from chat.queries import chats_by_id
from chat.rendering import chat_new_data, people_of_chats
from chat.schemas import Sync
from chat.sql import EVENTS_AFTER, MARKS_SINCE
from core.clock import now, rfc3339
from core.errors import Invalid, NotFound
from core.ids import parse_id

# A mark is written at the start of a statement and visible at its end; marks only rise, so
# telling some of them twice is harmless.
_MARKS_OVERLAP = timedelta(minutes=2)


class Start(TypedDict):
    """From where a fresh client begins, after it has listed its chats."""

    marks: str
    epoch: str


def hello() -> Start:
    """Marks and epoch as of now."""
    return {"marks": rfc3339(now()), "epoch": epoch()}


class Place(TypedDict):
    """The answer of ``GET sync/``."""

    position: int
    marks: str
    epoch: str


def place(user_id: int) -> Place:
    """What a fresh client notes down before it lists its chats."""
    return {**hello(), "position": log.head(user_id)}


def sync(user_id: int, held: Sync) -> SyncAnswer:
    """The events that the client lacks, at most SYNC_PAGE_EVENTS, ascending in each chat.

    One snapshot of the database: a chat's head and its messages belong together, and as seqs are
    in commit order, nothing below a head can appear later. Raises Invalid.
    """
    if len(held.heads) > settings.SYNC_CHATS_MAX:
        raise Invalid("invalid", f"At most {settings.SYNC_CHATS_MAX} chats.")
    started = hello()  # before the snapshot: what rises after it is repaired the next time
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return _Answer(user_id, held).build(started)


class _Answer:
    """One answer in the making; the budget of events is spent in order of urgency."""

    def __init__(self, user_id: int, held: Sync) -> None:
        self.user_id = user_id
        self.held = held
        self.budget = settings.SYNC_PAGE_EVENTS
        self.events: list[LogEvent] = []
        self.heads: dict[str, int] = {}
        self.position = held.position
        self.more = False
        self.people: set[int] = set()
        self.reset: list[str] = []

    def build(self, started: Start) -> SyncAnswer:
        floor, head = log.bounds(self.user_id)
        current = started["epoch"]
        if self.held.epoch not in {"", current} or self.held.position < floor:
            # Another history, or one too old to continue: an epoch that is not the client's
            # makes it start afresh.
            self.position = head
            return self._answer("" if self.held.epoch == current else current, started, [])
        self._take_personal_events(head)
        chats = self._my_chats()
        known, gone = self._held_heads(chats)
        # All of them, also where there is no news: clients may take the answer's heads as theirs.
        self.heads = {str(chat_id): seq for chat_id, seq in known.items()}
        if not self.more:
            self._take_new_chats([chat_id for chat_id in chats if chat_id not in known])
        if not self.more:
            self._take_messages(chats, known)
        marks = self.held.marks
        if not self.more:
            marks = self._take_marks(started["marks"])
        return self._answer(current, {**started, "marks": marks}, gone)

    def _answer(self, epoch: str, started: Start, gone: list[str]) -> SyncAnswer:
        users = people(self.people)
        for event in self.events:
            # Named as they are now: the log keeps ids only.
            if "request" in event["data"]:
                ends = _mentioned(event["data"])
                event["data"]["users"] = {id: users[id] for id in users if int(id) in ends}
        return {
            "events": self.events,
            "heads": self.heads,
            "position": self.position,
            "marks": started["marks"],
            "epoch": epoch,
            "more": self.more,
            "reset": self.reset,
            "gone": gone,
            "users": users,
        }

    def _add(self, event: str, data: Any) -> None:
        self.events.append({"event": event, "data": data})
        self.budget -= 1

    def _take_personal_events(self, head: int) -> None:
        rows = log.events_after(self.user_id, self.held.position, self.budget + 1)
        for row in rows[: self.budget]:
            self.position = row.position
            self.people.update(_mentioned(row.data))
            # Chats that are new to the client come in their present state further down.
            if row.event != "chat:new":
                self._add(row.event, {**row.data, "position": row.position})
        if len(rows) > settings.SYNC_PAGE_EVENTS:
            self.more = True
        else:
            self.position = head

    def _my_chats(self) -> dict[int, tuple[int, int]]:
        """Each chat of the person with its head and the seq after which history begins."""
        rows = Membership.objects.filter(user_id=self.user_id).order_by("chat_id")
        return {
            chat_id: (head, start)
            for chat_id, head, start in rows.values_list("chat_id", "chat__head", "start")
        }

    def _held_heads(self, chats: dict[int, tuple[int, int]]) -> tuple[dict[int, int], list[str]]:
        """What the client holds of chats that are its own, and the names of those that are not."""
        known: dict[int, int] = {}
        gone: list[str] = []
        for name, seq in self.held.heads.items():
            try:
                chat_id = parse_id(name)
            except NotFound:
                chat_id = 0
            if chat_id in chats:
                known[chat_id] = seq
            else:
                gone.append(name)
        return known, gone

    def _take_new_chats(self, ids: list[int]) -> None:
        taken = ids[: max(self.budget, 0)]
        self.more = len(taken) < len(ids)
        rows = chats_by_id(self.user_id, taken) if taken else []
        users = people_of_chats(rows)
        for row in rows:
            self._add("chat:new", chat_new_data(row, self.user_id, users))
            self.heads[str(row.id)] = row.head
        self.people.update(map(int, users))

    def _take_messages(self, chats: dict[int, tuple[int, int]], known: dict[int, int]) -> None:
        behind: list[tuple[int, int, int]] = []
        for chat_id, seq in known.items():
            head, start = chats[chat_id]
            # A client ahead of the server has seen a history that is gone.
            if seq > head or head - seq > settings.SYNC_RESET_BEHIND:
                self.reset.append(str(chat_id))
            elif seq < head:
                behind.append((chat_id, max(seq, start), head))
            self.heads[str(chat_id)] = head
        if not behind:
            return
        rows = self._messages(behind)
        shown, cut = rows[: self.budget], rows[self.budget :]
        self.more = bool(cut)
        is_complete = True
        for chat_id, _, head in behind:
            is_complete = is_complete and not (cut and chat_id == cut[0].chat_id)
            self.heads[str(chat_id)] = head if is_complete else known[chat_id]
        for row in shown:
            self._add("chat:receive", {"message": message_payload(row)})
            self.people.add(row.sender_id or 0)
            if cut and row.chat_id == cut[0].chat_id:
                self.heads[str(row.chat_id)] = row.seq

    def _messages(self, behind: list[tuple[int, int, int]]) -> list[MessageRow]:
        chat, after, upto = zip(*behind, strict=True)
        params = {
            "chat": list(chat),
            "after": list(after),
            "upto": list(upto),
            "limit": self.budget + 1,
        }
        with connection.cursor() as cursor:
            cursor.execute(EVENTS_AFTER, params)
            return [MessageRow(*row) for row in cursor.fetchall()]

    def _take_marks(self, now: str) -> str:
        """Marks that rose since the client's last answer, as far as it may know them; two events
        each. Answers what the client shall say next time.
        """
        after = _MarksPlace.parse(self.held.marks)
        if after is None:
            return now
        members = max(self.budget // 2, 0)
        with connection.cursor() as cursor:
            params = {"user": self.user_id, "at": after.at, "id": after.id, "limit": members + 1}
            cursor.execute(MARKS_SINCE, params)
            rows = cursor.fetchall()
        for id, chat_id, user_id, delivered, seen, at, tells_seen in rows[:members]:
            after = _MarksPlace(after.until or now, at, id)
            self.people.add(user_id)
            self._add("message:delivered", mark_payload(chat_id, user_id, delivered, at))
            if tells_seen and seen:
                self._add("message:seen", mark_payload(chat_id, user_id, seen, at))
        self.more = len(rows) > members
        if self.more:
            return str(after) if after.until else self.held.marks
        return after.until or now


def _mentioned(data: dict[str, Any]) -> set[int]:
    """Whom an event of the personal log names: one ``user``, or both ends of a ``request``."""
    request = data.get("request", {})
    ids = (data.get("user"), request.get("from"), request.get("to"))
    return {int(id) for id in ids if id is not None}


@dataclass(frozen=True, slots=True)
class _MarksPlace:
    """What ``marks`` says: the time of the last answer, or a place within the marks since then,
    with the time that holds once they are all told.
    """

    until: str
    at: datetime
    id: int

    def __str__(self) -> str:
        return f"{self.until} {self.at.isoformat()} {self.id}"

    @classmethod
    def parse(cls, marks: str) -> "_MarksPlace | None":
        """None for what was not one of this server's answers."""
        try:
            match marks.split(" "):
                case [at]:
                    return cls("", _moment(at) - _MARKS_OVERLAP, 0)
                case [until, at, id]:
                    _moment(until)
                    return cls(until, _moment(at), parse_id(id))
        except (ValueError, OverflowError, NotFound):
            pass
        return None


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(text)
    return at
