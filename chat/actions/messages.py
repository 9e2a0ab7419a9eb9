"""Sending. The rules are in the writer's statement; here is what surrounds it."""

import asyncio
import unicodedata

from django.conf import settings

from chat.access import get_chat, parse_chat_id
from chat.schemas import SendMessage
from chat.writer import Draft, Written, writer
from core.errors import Invalid
from core.limits import Buckets

_sends = Buckets(settings.MESSAGES_BURST, settings.MESSAGES_PER_SECOND)


def send_message(sender_id: int, chat_id: str, message: SendMessage) -> tuple[Draft, Written]:
    """Writes a message, or finds the one its ``client_id`` already wrote; returns after the commit.

    For threads. Raises NotFound, Forbidden ``chat_closed``, Conflict ``client_id_reused``,
    RateLimited, Invalid, Unavailable (the outcome is unknown: send again with the same id).
    """
    try:
        draft = _draft(sender_id, chat_id, message, 0)
    except Invalid:
        get_chat(sender_id, chat_id)  # a stranger hears no more than NotFound
        raise
    return draft, writer.call(draft)


def submit_message(
    sender_id: int, chat_id: str, message: SendMessage, socket: int
) -> "asyncio.Future[Written]":
    """The same for the loop, without waiting; submissions of one sender keep their order."""
    return writer.submit(_draft(sender_id, chat_id, message, socket))


def _draft(sender_id: int, chat_id: str, message: SendMessage, socket: int) -> Draft:
    if is_blank(message.text):
        text = "A message needs a visible character."
        raise Invalid("invalid", text, fields={"text": [text]})
    _sends.take(sender_id)
    return Draft(
        parse_chat_id(chat_id), sender_id, message.client_id, message.text, message.kind, socket
    )


def is_blank(text: str) -> bool:
    """Whether nothing of the text can be seen: white space, controls, zero-width characters."""
    if text[0].isalnum():  # nearly always, and the rest need not be looked at
        return False
    return all(
        character.isspace() or unicodedata.category(character) in {"Cc", "Cf"} for character in text
    )
