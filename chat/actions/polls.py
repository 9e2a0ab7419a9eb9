"""Polls: voting, and closing them before their time."""

from collections.abc import Collection

from django.db import transaction

from chat.access import Access, get_chat
from chat.actions.edits import not_the_sender
from chat.actions.messages import take_rate
from chat.events import MessageUpdated
from chat.log import append_event, unchanged
from chat.models import ChatEvent, Message, Vote
from chat.payloads import MessageRow
from chat.queries import present_message
from core.clock import now, rfc3339
from core.errors import Conflict, Invalid


def vote(
    user_id: int, chat_id: str, seq: int, options: Collection[int], *, socket: int = 0
) -> MessageUpdated:
    """Makes ``options`` (indexes, each once) the person's choice; none takes it back.

    All who see the poll are told, unless nothing changes. Raises NotFound, Forbidden
    ``chat_closed``, Conflict ``message_deleted`` and ``poll_closed``, Invalid ``not_a_poll``,
    ``option_unknown`` and ``one_option_only``, RateLimited.
    """
    take_rate(user_id)
    with transaction.atomic():
        access, row = _open_poll(user_id, chat_id, seq)
        assert row.content is not None
        chosen = set(options)
        if not chosen <= set(range(len(row.content["options"]))):
            raise Invalid("option_unknown", "The poll has no such option.")
        if len(chosen) > 1 and not row.content["multiple"]:
            raise Invalid("one_option_only", "Only one option of this poll may be chosen.")
        change = ChatEvent.Change.VOTED
        if not _choose(access, seq, chosen):
            return unchanged(row.chat_id, seq, change, by=user_id)
        return append_event(row.chat_id, seq, change, by=user_id, skip=socket)


def close_poll(user_id: int, chat_id: str, seq: int) -> MessageUpdated:
    """Ends a poll now; its votes stay.

    By its sender, in groups also by an admin; all who see it are told. Raises NotFound, Forbidden
    ``chat_closed`` and ``not_the_sender``, Conflict ``message_deleted`` and ``poll_closed``,
    Invalid ``not_a_poll``.
    """
    with transaction.atomic():
        access, row = _open_poll(user_id, chat_id, seq)
        if row.sender_id != user_id and not access.membership.is_admin:
            raise not_the_sender()
        content = {**(row.content or {}), "closes_at": rfc3339(now())}
        Message.objects.filter(chat=access.chat, seq=seq).update(content=content)
        return append_event(row.chat_id, seq, ChatEvent.Change.VOTED, by=user_id)


def _open_poll(user_id: int, chat_id: str, seq: int) -> tuple[Access, MessageRow]:
    """The poll at ``seq`` while it can be voted on. Takes the chat's lock."""
    access = get_chat(user_id, chat_id, lock=True)
    row = present_message(access, seq)
    access.require_open()
    if row.kind != Message.Kind.POLL:
        raise Invalid("not_a_poll", "This message is not a poll.")
    if is_closed(row):
        raise poll_closed()
    return access, row


def _choose(access: Access, seq: int, chosen: set[int]) -> bool:
    """Whether it changes anything."""
    user_id = access.membership.user_id
    mine = Vote.objects.filter(chat=access.chat, seq=seq, user_id=user_id)
    before = set(mine.values_list("option", flat=True))
    mine.exclude(option__in=chosen).delete()
    # What is chosen still keeps its place: votes are told in the order in which they came.
    Vote.objects.bulk_create(
        Vote(chat=access.chat, seq=seq, user_id=user_id, option=option)
        for option in sorted(chosen - before)
    )
    return chosen != before


def is_closed(poll: MessageRow) -> bool:
    """Whether its time is over, or somebody has closed it."""
    closes_at = (poll.content or {}).get("closes_at")
    # Both in one spelling, which sorts as time does.
    return closes_at is not None and closes_at <= rfc3339(now())


def poll_closed() -> Conflict:
    """It takes no more votes."""
    return Conflict("poll_closed", "This poll is closed.")
