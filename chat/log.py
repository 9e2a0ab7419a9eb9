"""Appending to a chat's log what is not sent by a person: system messages, and events."""

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from django.db import connection

from accounts.payloads import people
from chat.events import MessageUpdated, ReactionOf
from chat.models import Chat, ChatEvent, Hidden, Membership, Message
from chat.payloads import MessagePayload, MessageRow, message_payload
from chat.queries import message_rows
from chat.rendering import changed_chat, message_now
from chat.sql.log import NEXT_EVENT, NEXT_MESSAGE
from core.clock import now
from realtime.bus import publish
from realtime.hub import Audience


def append_system(
    chat_id: int, action: str, *, by: int | None, users: Iterable[int] = (), **more: Any
) -> MessageRow:
    """Writes down a change of a group, and tells its members on commit.

    A membership or info change *is* its system message. Takes the chat's lock, if the caller does
    not hold it, to the end of the transaction. Its ``content`` is ``{action, by, users, …}``.
    """
    place = _Next.take(NEXT_MESSAGE, chat_id)
    named = list(users)
    content = {
        "action": action,
        "by": None if by is None else str(by),
        "users": [str(one) for one in named],
        **more,
    }
    Message.objects.create(
        chat_id=chat_id, seq=place.seq, kind=Message.Kind.SYSTEM, content=content, created_at=now()
    )
    row = message_rows(Message.objects.filter(chat_id=chat_id, seq=place.seq))[0]
    data = {
        "message": message_payload(row),
        "users": people({*named, *([] if by is None else [by])}),
        "chat": changed_chat(Chat.objects.get(pk=chat_id)),
    }
    publish(place.audience(chat_id), "chat:receive", data)
    return row


def append_event(
    chat_id: int,
    message_seq: int,
    change: ChatEvent.Change,
    *,
    by: int | None,
    emoji: str | None = None,
    skip: int = 0,
) -> MessageUpdated:
    """Writes down what happened to a message, and tells those who may see it on commit.

    Takes the chat's lock, if the caller does not hold it, to the end of the transaction. Call it
    after the change: what is told is the message's present state. ``skip`` is the socket that gets
    the answer as a reply.
    """
    place = _Next.take(NEXT_EVENT, chat_id)
    ChatEvent.objects.create(
        chat_id=chat_id,
        seq=place.seq,
        message_seq=message_seq,
        change=change,
        by_id=by,
        emoji=emoji,
        created_at=now(),
    )
    message = message_now(chat_id, message_seq)
    data = update_payload(chat_id, place.seq, change, by, emoji, message)
    # Who came later, has cleared the chat or deleted the message for themselves hears nothing of
    # it: they find the gap in the numbers, and sync has nothing for it.
    without = _not_shown(chat_id, message_seq)
    publish(place.audience(chat_id, without), "message:updated", data, skip=skip)
    return data


def unchanged(
    chat_id: int, message_seq: int, change: ChatEvent.Change, *, by: int, emoji: str | None = None
) -> MessageUpdated:
    """The answer to an act that changes nothing: at the message's own place, which every client
    is past; nobody else is told.
    """
    message = message_now(chat_id, message_seq)
    return update_payload(chat_id, message_seq, change, by, emoji, message)


def update_payload(
    chat_id: int,
    seq: int,
    change: str,
    by: int | None,
    emoji: str | None,
    message: MessagePayload,
) -> MessageUpdated:
    """The data of ``message:updated`` of an event at ``seq``."""
    data: MessageUpdated = {
        "chat": str(chat_id),
        "seq": seq,
        "by": None if by is None else str(by),
        "change": change,
        "message": message,
    }
    if change == ChatEvent.Change.REACTED:
        data["reaction"] = ReactionOf(user=str(by), emoji=emoji)
    return data


class _Next(NamedTuple):
    """A place just handed out, and what decides who is told."""

    seq: int
    version: int
    low_id: int | None
    high_id: int | None

    @classmethod
    def take(cls, statement: str, chat_id: int) -> "_Next":
        with connection.cursor() as cursor:
            cursor.execute(statement, [chat_id])
            return cls(*cursor.fetchone())

    def audience(self, chat_id: int, without: Collection[int] = ()) -> Audience | list[int]:
        if self.low_id is None or self.high_id is None:
            return Audience(chat_id, self.version, frozenset(without))
        return [one for one in (self.low_id, self.high_id) if one not in without]


def _not_shown(chat_id: int, seq: int) -> set[int]:
    """Members who may not see the message at ``seq``."""
    late = Membership.objects.filter(chat_id=chat_id, start__gte=seq)
    hidden = Hidden.objects.filter(chat_id=chat_id, seq=seq)
    return {*late.values_list("user_id", flat=True), *hidden.values_list("user_id", flat=True)}
