"""Deleting messages, for oneself or for everyone."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction

from accounts.log import tell
from chat.access import Access, get_chat, message_deleted, message_not_found
from chat.actions.edits import not_the_sender
from chat.actions.reactions import take_notice_back
from chat.emptying import empty_messages
from chat.events import MessageHidden, MessageUpdated
from chat.log import append_event
from chat.models import Chat, ChatEvent, Hidden, Message, Star
from chat.payloads import MessageRow
from chat.queries import message_at, message_rows, present_message
from core.clock import now
from core.errors import Forbidden


def delete_for_me(user_id: int, chat_id: str, seq: int) -> MessageHidden:
    """Hides a message from the person, whose devices are told; nobody else learns of it.

    Raises NotFound, also where it is hidden already.
    """
    with transaction.atomic():
        access = get_chat(user_id, chat_id, lock=True)
        message_at(access, seq)
        Hidden.objects.create(chat=access.chat, seq=seq, user_id=user_id)
        Star.objects.filter(chat=access.chat, seq=seq, user_id=user_id).delete()
        data: MessageHidden = {"chat": str(access.chat.pk), "message_seq": seq}
        return {**data, "position": tell(user_id, "message:hidden", data)}


def delete_for_everyone(user_id: int, chat_id: str, seq: int, *, socket: int = 0) -> MessageUpdated:
    """Empties a message for good: its place stays, what it held is gone everywhere.

    By its sender within MESSAGE_DELETE_SECONDS (0: always), in groups also by an admin. Answers
    what all are told. Raises NotFound, Forbidden ``not_the_sender`` and ``delete_window_over``,
    Conflict ``message_deleted``.
    """
    with transaction.atomic():
        access = get_chat(user_id, chat_id, lock=True)
        row = present_message(access, seq)
        _check_may_delete(access, row)
        take_notice_back(row)  # before the files: people are locked before media
        empty_messages(Message.objects.filter(chat=access.chat, seq=seq))
        change = ChatEvent.Change.DELETED
        return append_event(access.chat.pk, seq, change, by=user_id, skip=socket)


def remove_by_staff(chat_id: int, seq: int) -> MessageUpdated:
    """The same by the server, whoever sent it; who of the staff it was, members are not told.

    Raises NotFound, Conflict ``message_deleted``.
    """
    with transaction.atomic():
        Chat.objects.select_for_update(no_key=True).filter(pk=chat_id).first()
        messages = Message.objects.filter(chat_id=chat_id, seq=seq)
        message = messages.exclude(kind=Message.Kind.SYSTEM).first()
        if message is None or (message.expires_at and message.expires_at <= now()):
            raise message_not_found()
        if message.deleted_at is not None:
            raise message_deleted()
        take_notice_back(message_rows(messages)[0])
        empty_messages(messages)
        return append_event(chat_id, seq, ChatEvent.Change.DELETED, by=None)


def _check_may_delete(access: Access, row: MessageRow) -> None:
    if row.sender_id != access.membership.user_id:
        if not access.membership.is_admin:
            raise not_the_sender()
        return
    seconds = settings.MESSAGE_DELETE_SECONDS
    if seconds and row.created_at < now() - timedelta(seconds=seconds):
        raise Forbidden("delete_window_over", "It is too late to delete this message for all.")
