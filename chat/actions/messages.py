"""Sending. The rules are in the writer's statement; here is what surrounds it."""

import asyncio
import unicodedata
from functools import partial

from django.conf import settings

from chat.access import get_chat, parse_chat_id
from chat.actions.attachments import write_attached
from chat.actions.extras import check_extra, has_extra, unchecked_extra
from chat.actions.previews import ask_for_preview, ask_when_sent, link_to_preview
from chat.models import Message
from chat.schemas.messages import SendMessage
from chat.writer import PLAIN, Draft, Extra, Written, writer
from core.errors import AppError, Invalid
from core.limits import Buckets
from realtime.bridge import run_in_thread

_sends = Buckets(settings.MESSAGES_BURST, settings.MESSAGES_PER_SECOND)

#: Per sender, on the loop: the last send that had to be checked first, while it is not through.
_checked_sends: "dict[int, asyncio.Task[Written]]" = {}


def send_message(sender_id: int, chat_id: str, message: SendMessage) -> tuple[Draft, Written]:
    """Writes a message, or finds the one its ``client_id`` already wrote; returns after the commit.

    For threads. Raises NotFound (also for what the message refers to), Forbidden ``chat_closed``
    and ``chat_read_only``, Conflict ``client_id_reused``, RateLimited, Invalid, Unavailable (the
    outcome is unknown: send again with the same id).
    """
    try:
        admit(sender_id, message)
        if message.attachments:
            return _send_attached(sender_id, chat_id, message)
        extra = _extra(sender_id, chat_id, message)
    except Invalid:
        get_chat(sender_id, chat_id)  # a stranger hears no more than NotFound
        raise
    draft = draft_of(sender_id, chat_id, message, extra)
    return write(draft, message)


def write(draft: Draft, message: SendMessage) -> tuple[Draft, Written]:
    """Writes a checked message, and has the preview of its link made; also as it went out."""
    if draft.extra.attachments:
        return write_attached([draft])[0]
    written = writer.call(draft)
    link = _link(draft.sender_id, message)
    if link is not None and not written.is_repeat:
        ask_for_preview(written.chat_id, written.seq, link)
    return draft, written


def _send_attached(
    sender_id: int, chat_id: str, message: SendMessage, socket: int = 0
) -> tuple[Draft, Written]:
    """A message with files, from a thread."""
    extra = _extra(sender_id, chat_id, message)
    asked = digest_of(sender_id, chat_id, message)
    draft = draft_of(sender_id, chat_id, message, extra, socket=socket, asked=asked)
    return write_attached([draft])[0]


def submit_message(
    sender_id: int, chat_id: str, message: SendMessage, socket: int
) -> "asyncio.Future[Written]":
    """The same for the loop, without waiting; submissions of one sender keep their order."""
    admit(sender_id, message)
    sending = _submit(sender_id, chat_id, message, socket)
    link = _link(sender_id, message)
    if link is not None:
        sending.add_done_callback(partial(ask_when_sent, link))
    return sending


def _submit(
    sender_id: int, chat_id: str, message: SendMessage, socket: int
) -> "asyncio.Future[Written]":
    before = _checked_sends.get(sender_id)
    if before is None and not has_extra(message):
        return writer.submit(draft_of(sender_id, chat_id, message, PLAIN, socket=socket))
    parse_chat_id(chat_id)
    task = asyncio.create_task(_submit_checked(before, sender_id, chat_id, message, socket))
    _checked_sends[sender_id] = task

    def forget(_: "asyncio.Task[Written]") -> None:
        if _checked_sends.get(sender_id) is task:
            del _checked_sends[sender_id]

    task.add_done_callback(forget)
    return task


async def _submit_checked(
    before: "asyncio.Task[Written] | None",
    sender_id: int,
    chat_id: str,
    message: SendMessage,
    socket: int,
) -> Written:
    if before is not None:
        await asyncio.wait([before])
    extra = PLAIN
    try:
        if message.attachments:
            call = partial(_send_attached, sender_id, chat_id, message, socket)
            return (await run_in_thread(call))[1]
        if has_extra(message):
            extra = await run_in_thread(_extra, sender_id, chat_id, message)
    except Invalid:
        await run_in_thread(get_chat, sender_id, chat_id)
        raise
    return await writer.submit(draft_of(sender_id, chat_id, message, extra, socket=socket))


def admit(sender_id: int, message: SendMessage) -> None:
    """Refuses what can be refused without the database, and counts the rest: Invalid for a blank
    text, RateLimited.
    """
    if message.kind == "text" and not message.attachments and is_blank(message.text):
        raise blank()
    take_rate(sender_id)


def take_rate(sender_id: int, messages: int = 1) -> None:
    """Counts messages that somebody is about to send, or acts that go to all as messages do and
    can be done again and again; raises RateLimited.
    """
    _sends.take(sender_id, messages)


def _link(sender_id: int, message: SendMessage) -> str | None:
    """The link that the message gets a preview of."""
    if message.kind == "text" and message.preview and not message.attachments:
        return link_to_preview(sender_id, message.text)
    return None


def _extra(sender_id: int, chat_id: str, message: SendMessage) -> Extra:
    """What the message has beyond its text, looked up and checked."""
    if not has_extra(message):
        return PLAIN
    try:
        return check_extra(get_chat(sender_id, chat_id), message)
    except AppError:
        # The repeat of what went through before is answered as then, whatever has become of the
        # chat and of what the message refers to.
        written = Message.objects.filter(sender_id=sender_id, client_id=message.client_id)
        if written.exists():
            return unchecked_extra(message)
        raise


def digest_of(sender_id: int, chat_id: str, message: SendMessage) -> bytes:
    """Of what a client has asked for, whatever has become of what it refers to; raises NotFound."""
    unchecked = unchecked_extra(message) if has_extra(message) else PLAIN
    return draft_of(sender_id, chat_id, message, unchecked).digest()


def draft_of(
    sender_id: int,
    chat_id: str,
    message: SendMessage,
    extra: Extra,
    *,
    socket: int = 0,
    asked: bytes = b"",
) -> Draft:
    """What the writer takes; raises NotFound for an id that is none."""
    return Draft(
        parse_chat_id(chat_id),
        sender_id,
        message.client_id,
        message.text,
        extra.kind or message.kind,
        socket,
        extra,
        asked,
    )


def is_blank(text: str) -> bool:
    """Whether nothing of the text can be seen: white space, controls, zero-width characters."""
    if not text:
        return True
    if text[0].isalnum():  # nearly always, and the rest need not be looked at
        return False
    return all(
        character.isspace() or unicodedata.category(character) in {"Cc", "Cf"} for character in text
    )


def blank() -> Invalid:
    """Nothing to see in it."""
    text = "A message needs a visible character."
    return Invalid("invalid", text, fields={"text": [text]})
