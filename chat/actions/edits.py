"""Editing what one has written."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction

from chat.access import get_chat
from chat.actions.attachments import CAPTIONED
from chat.actions.messages import blank, is_blank, take_rate
from chat.actions.previews import ask_for_preview, link_to_preview
from chat.events import MessageUpdated
from chat.log import append_event, unchanged
from chat.models import ChatEvent, Edit, Message
from chat.previews import first_link
from chat.queries import present_message
from chat.search.indexer import reindex
from core.clock import now
from core.errors import Forbidden, Invalid


def edit_message(
    user_id: int, chat_id: str, seq: int, text: str, *, preview: bool = True, socket: int = 0
) -> MessageUpdated:
    """Gives a message another text or caption; what it said before is kept for moderation only.

    Another link takes the preview away, and gets one unless ``preview`` is off. All who see it are
    told, unless the text is the same. Raises NotFound, Forbidden ``not_the_sender``,
    ``edit_window_over`` after MESSAGE_EDIT_SECONDS, ``chat_closed`` and ``chat_read_only``,
    Conflict ``message_deleted``, Invalid for blank text and for a kind without one, RateLimited.
    """
    take_rate(user_id)
    with transaction.atomic():
        access = get_chat(user_id, chat_id, lock=True)
        row = present_message(access, seq)
        access.require_open()
        access.require_post()
        if row.sender_id != user_id:
            raise not_the_sender()
        check_text(row.kind, text)
        if row.created_at < now() - timedelta(seconds=settings.MESSAGE_EDIT_SECONDS):
            raise Forbidden("edit_window_over", "It is too late to edit this message.")
        change = ChatEvent.Change.EDITED
        if row.text == text:
            return unchanged(access.chat.pk, seq, change, by=user_id)
        message = Message.objects.get(chat=access.chat, seq=seq)
        Edit.objects.create(message=message, text=message.text)
        if not preview or first_link(text) != first_link(message.text):
            message.preview = None
            is_text = row.kind == Message.Kind.TEXT
            if preview and is_text and (link := link_to_preview(user_id, text)):
                ask_for_preview(access.chat.pk, seq, link)
        message.text, message.edited_at = text, now()
        message.save(update_fields=["text", "preview", "edited_at"])
        reindex([message.pk])
        return append_event(access.chat.pk, seq, change, by=user_id, skip=socket)


def check_text(kind: str, text: str) -> None:
    """Whether a message of a kind may say this; a caption may be empty. Raises Invalid."""
    if kind not in {Message.Kind.TEXT, *CAPTIONED}:
        raise Invalid("not_editable", "This kind of message cannot be edited.")
    if kind == Message.Kind.TEXT and is_blank(text):
        raise blank()


def not_the_sender() -> Forbidden:
    """Somebody else's message."""
    return Forbidden("not_the_sender", "Only who sent the message may do this.")
