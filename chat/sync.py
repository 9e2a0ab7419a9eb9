"""Sync by heads: the client says what it has, the server says the rest (docs/decisions/0003)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypedDict

from django.conf import settings
from django.db import connection, transaction

from accounts import log
from accounts.models import PersonalEvent
from accounts.payloads import people
from chat.epoch import epoch
from chat.events import LogEvent, SyncAnswer
from chat.log import update_payload
from chat.models import Chat, Membership
from chat.payloads import mark_payload, message_payload
from chat.queries import chats_by_id, shown_messages, tallies
from chat.rendering import (
    changed_chat,
    chat_new_data,
    chat_payloads,
    mentioned_by,
    mentioned_by_chats,
    named_in_tallies,
    scheduled_now,
)
from chat.schemas.sync import Sync
from chat.sql.chats import UNLISTED
from chat.sql.log import PLACES_AFTER
from chat.sql.marks import MARKS_SINCE
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
        self.dropped: set[str] = set()

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
            new = [chat_id for chat_id in chats if chat_id not in known]
            unlisted = self._unlisted() if any(chats[id].hidden for id in new) else set()
            self._take_new_chats([chat_id for chat_id in new if chat_id not in unlisted])
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
            if "request" in event["data"] or event["event"] == "user:updated":
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
        found = log.events_after(self.user_id, self.held.position, self.budget + 1)
        rows = _rows_that_fit(found, self.budget)
        ids = {int(row.data["chat"]["id"]) for row in rows if row.event == "chat:updated"}
        chats, users = chat_payloads(chats_by_id(self.user_id, ids) if ids else [], self.user_id)
        self.people.update(map(int, users))
        changed = {chat["id"]: chat for chat in chats}
        ids = {int(r.data["scheduled"]["id"]) for r in rows if r.event == "scheduled:updated"}
        waiting = scheduled_now(self.user_id, ids) if ids else {}
        newest = {row.data["user"]: row.position for row in rows if row.event == "user:updated"}
        cleared: dict[int, None] = {}
        for row in rows:
            self.position = row.position
            self.people.update(_mentioned(row.data))
            data = {**row.data, "position": row.position}
            match row.event:
                case "chat:new":
                    continue  # chats that are new to the client come further down
                case "chat:updated":
                    chat = changed.get(row.data["chat"]["id"])
                    if chat is None:
                        continue
                    # The log keeps the id only: how the chat is now says more.
                    data["chat"] = chat
                case "scheduled:updated":
                    scheduled = waiting.get(row.data["scheduled"]["id"])
                    if scheduled is None:
                        continue  # sent or taken back by now, as a later event says
                    data["scheduled"] = scheduled
                case "user:updated":
                    if newest[row.data["user"]] != row.position:
                        continue  # how they are called now, the last of these says
                case "chat:removed":
                    # If it is the person's again, the client has dropped all it held of it.
                    self.dropped.add(row.data["chat"])
                case "chat:cleared":
                    # It hides system messages, which tell how the chat itself has changed.
                    cleared[int(row.data["chat"])] = None
            self._add(row.event, data)
        self._tell_changed(cleared)
        self.more = len(rows) < len(found) or len(found) > settings.SYNC_PAGE_EVENTS
        if not self.more:
            self.position = head

    def _my_chats(self) -> "dict[int, _MyChat]":
        """Each chat of the person by its id."""
        rows = Membership.objects.filter(user_id=self.user_id).order_by("chat_id")
        columns = rows.values_list("chat_id", "chat__head", "start", "hidden")
        return {row[0]: _MyChat(*row[1:]) for row in columns}

    def _unlisted(self) -> set[int]:
        """Deleted from the list: they are new to a client when a message follows."""
        with connection.cursor() as cursor:
            cursor.execute(UNLISTED, [self.user_id])
            return {id for (id,) in cursor.fetchall()}

    def _held_heads(self, chats: "dict[int, _MyChat]") -> tuple[dict[int, int], list[str]]:
        """What the client holds of chats that are its own, and the names of those that are not."""
        known: dict[int, int] = {}
        gone: list[str] = []
        for name, seq in self.held.heads.items():
            try:
                chat_id = parse_id(name)
            except NotFound:
                chat_id = 0
            if chat_id not in chats:
                gone.append(name)
            elif name not in self.dropped:
                known[chat_id] = seq
        return known, gone

    def _take_new_chats(self, ids: list[int]) -> None:
        taken = ids[: max(self.budget, 0)]
        self.more = len(taken) < len(ids)
        rows = chats_by_id(self.user_id, taken) if taken else []
        users = people(mentioned_by_chats(rows))
        put_on = tallies(row.last for row in rows if row.last is not None)
        for row in rows:
            self._add("chat:new", chat_new_data(row, self.user_id, users, put_on))
            self.heads[str(row.id)] = row.head
        self.people.update(map(int, users))

    def _take_messages(self, chats: "dict[int, _MyChat]", known: dict[int, int]) -> None:
        far: list[int] = []
        behind: list[tuple[int, int, int]] = []
        for chat_id, seq in known.items():
            head, start, _ = chats[chat_id]
            # A client ahead of the server has seen a history that is gone.
            if seq > head or head - seq > settings.SYNC_RESET_BEHIND:
                far.append(chat_id)
            elif seq < head:
                behind.append((chat_id, max(seq, start), head))
        taken = far[: max(self.budget, 0)]
        self.more = len(taken) < len(far)
        self._tell_changed(taken)
        for chat_id in taken:
            self.reset.append(str(chat_id))
            self.heads[str(chat_id)] = chats[chat_id].head
        if behind and not self.more:
            self._take_places(behind, known)

    def _take_places(self, behind: list[tuple[int, int, int]], known: dict[int, int]) -> None:
        """As much of some logs as there is room for, and how the chats are now that system
        messages tell of: they have changed the chat itself, also where they are not shown.
        """
        asked = _as_many_as_fit(behind, self.budget)
        rows = self._places(asked, self.budget + 1)
        shown: list[_LogPlace] = []
        changed: dict[int, None] = {}
        room = self.budget
        for place in rows:
            room -= 1 + (place.is_system and place.chat_id not in changed)
            if room < 0:
                break
            shown.append(place)
            if place.is_system:
                changed[place.chat_id] = None
        cut = rows[len(shown) :]
        self.more = bool(cut) or len(asked) < len(behind)
        is_complete = True
        for chat_id, _, head in asked:  # the others stay where the client holds them
            is_complete = is_complete and not (cut and chat_id == cut[0].chat_id)
            self.heads[str(chat_id)] = head if is_complete else known[chat_id]
        if cut and shown and shown[-1].chat_id == cut[0].chat_id:
            self.heads[str(cut[0].chat_id)] = shown[-1].seq
        self._tell(shown)
        self._tell_changed(changed)

    def _tell_changed(self, ids: Collection[int]) -> None:
        if not ids:
            return
        mine = Chat.objects.filter(pk__in=ids, memberships__user_id=self.user_id)
        for chat in mine.order_by("pk"):
            self._add("chat:updated", {"chat": changed_chat(chat)})

    def _tell(self, places: list["_LogPlace"]) -> None:
        """The messages and events at some places, with each message as it is now; what may not be
        seen is passed over.
        """
        wanted = {(place.chat_id, place.message_seq) for place in places}
        rows = shown_messages(self.user_id, wanted)
        put_on = tallies(rows.values())
        self.people |= mentioned_by(rows.values()) | named_in_tallies(put_on)
        for place in places:
            row = rows.get((place.chat_id, place.message_seq))
            if row is None:
                continue
            message = message_payload(row, put_on)
            if place.change is None:
                self._add("chat:receive", {"message": message})
            else:
                data = update_payload(
                    row.chat_id, place.seq, place.change, place.by_id, place.emoji, message
                )
                self.people.add(place.by_id or 0)
                self._add("message:updated", data)

    def _places(self, behind: list[tuple[int, int, int]], limit: int) -> list["_LogPlace"]:
        chat, after, upto = zip(*behind, strict=True)
        params: dict[str, Any] = {"chat": list(chat), "after": list(after), "upto": list(upto)}
        with connection.cursor() as cursor:
            cursor.execute(PLACES_AFTER, {**params, "limit": limit})
            return [_LogPlace(*row) for row in cursor.fetchall()]

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


def _rows_that_fit(rows: list[PersonalEvent], room: int) -> list[PersonalEvent]:
    """The first rows of a personal log for which there is room: of the news of one person the last
    alone is told, and a chat that was cleared is told of too.
    """
    named: set[str] = set()
    cleared: set[str] = set()
    for n, row in enumerate(rows):
        room -= 1
        if row.event == "user:updated":
            room += row.data["user"] in named
            named.add(row.data["user"])
        elif row.event == "chat:cleared":
            room -= row.data["chat"] not in cleared
            cleared.add(row.data["chat"])
        if room < 0:
            return rows[:n]
    return rows


def _as_many_as_fit(behind: list[tuple[int, int, int]], room: int) -> list[tuple[int, int, int]]:
    """The first of some logs, of which there is more than room for: PostgreSQL would read as much
    of each of the others too before it cut them off.
    """
    for n, (_, after, upto) in enumerate(behind, 1):
        room -= max(upto - after, 0)
        if room < 0:
            return behind[:n]
    return behind


class _MyChat(NamedTuple):
    """A chat of the person's: its head, and the seq after which history begins."""

    head: int
    start: int
    hidden: bool


class _LogPlace(NamedTuple):
    """A place of a log: a message's own, or that of an event that happened to one."""

    chat_id: int
    seq: int
    message_seq: int
    change: str | None
    by_id: int | None
    emoji: str | None
    is_system: bool


def _mentioned(data: dict[str, Any]) -> set[int]:
    """Whom an event of the personal log names: one ``user``, those of a ``request``, or who did
    what a ``notification`` tells of.
    """
    request, notification = data.get("request", {}), data.get("notification")
    by = notification.get("by") if isinstance(notification, dict) else None
    ids = (data.get("user"), request.get("from"), request.get("to"), request.get("user"), by)
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
