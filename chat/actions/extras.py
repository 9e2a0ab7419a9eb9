"""What a message may have beyond its text: files, a quoted message, mentions, content by kind.

Checked by queries before the writer gets it: plain text, which most messages are, skips all this.
"""

from collections.abc import Iterable
from typing import Any

import msgspec
from django.conf import settings

from accounts.payloads import Person, people
from chat.access import Access, message_not_found
from chat.actions.attachments import OF_FILES, attachment_ids, check_attachments
from chat.models import EVERYBODY, Membership, Message
from chat.queries import QUOTE_CHARS, message_at
from chat.schemas.messages import Contact, Location, Poll, SendMessage
from chat.writer import Extra
from connections.queries import connected_ids
from core.clock import now, rfc3339
from core.errors import Invalid, NotFound
from core.ids import parse_id
from core.schema import moment, parse


def has_extra(message: SendMessage) -> bool:
    """Whether there is anything to check."""
    return (
        message.kind != "text"
        or bool(message.attachments)
        or message.reply_to is not None
        or bool(message.mentions)
        or message.content is not None
    )


def check_extra(access: Access, message: SendMessage) -> Extra:
    """The extra of a message to a chat of the caller's.

    Raises NotFound for a file, a quoted message, a mentioned member or a shared contact that is
    absent or not the caller's to see; Invalid for content or files that do not fit the kind.
    """
    quote = None
    if message.reply_to is not None:
        quote = _quote(access, message.reply_to)
    sender_id = access.membership.user_id
    kind = check_attachments(sender_id, message)
    content, users = _content(sender_id, message)
    return Extra(
        kind=kind,
        content=content,
        reply_to=message.reply_to,
        quote=quote,
        mentions=_mentions(access, message.mentions),
        attachments=attachment_ids(message) or None,
        users=users,
    )


def unchecked_extra(message: SendMessage) -> Extra:
    """The same as far as a repeat is recognised by it; nothing of it is written."""
    content: dict[str, Any] | None = None
    if message.content is not None:
        content = _shape(message)
    return Extra(
        content=content,
        reply_to=message.reply_to,
        mentions=[_mention(one) for one in _named(message.mentions)] or None,
        attachments=attachment_ids(message) or None,
    )


def _quote(access: Access, seq: int) -> dict[str, Any]:
    row = message_at(access, seq)
    if row.kind == Message.Kind.SYSTEM or row.deleted_at is not None:
        raise message_not_found()
    text = row.text[:QUOTE_CHARS]
    return {"seq": seq, "sender": row.sender_id, "kind": row.kind, "text": text, "gone": False}


def _named(mentions: tuple[str, ...] | str) -> Iterable[str]:
    # In the order in which they were given, each once: a repeat must look the same.
    return dict.fromkeys([mentions] if isinstance(mentions, str) else mentions)


def _mention(name: str) -> int:
    if name == "all":
        return EVERYBODY
    try:
        user_id = parse_id(name)
    except NotFound as error:
        raise member_not_found() from error
    if user_id == EVERYBODY:  # by its name only
        raise member_not_found()
    return user_id


def _mentions(access: Access, mentions: tuple[str, ...] | str) -> list[int] | None:
    ids = [_mention(name) for name in _named(mentions)]
    people = {one for one in ids if one != EVERYBODY}
    if people:
        members = Membership.objects.filter(chat=access.chat, user_id__in=people)
        if members.count() < len(people):
            raise member_not_found()
    return ids or None


def _content(
    sender_id: int, message: SendMessage
) -> tuple[dict[str, Any] | None, dict[str, Person] | None]:
    """The content as it is kept, and whom its readers may not know."""
    content = _shape(message)
    if message.kind == "poll" and content is not None:
        closes_at = content["closes_at"]
        if closes_at is not None and closes_at <= rfc3339(now()):
            raise _wrong("A poll closes in the future.")
    if message.kind == "contact" and content is not None and "user" in content:
        shared = parse_id(content["user"])
        if shared != sender_id and not connected_ids(sender_id, [shared]):
            raise NotFound("user_not_found", "There is no such person among your connections.")
        return content, people([shared])
    return content, None


def _shape(message: SendMessage) -> dict[str, Any] | None:
    has_none = message.kind in {Message.Kind.TEXT, *OF_FILES}
    if (message.content is None) != has_none:
        raise _wrong("Texts and files have no content, all other kinds have.")
    match message.kind:
        case _ if has_none:
            return None
        case "location":
            place = parse(Location, message.content)
            return _present(msgspec.to_builtins(place))
        case "contact":
            return _contact(parse(Contact, message.content))
        case _:
            return _poll(parse(Poll, message.content))


def _contact(contact: Contact) -> dict[str, Any]:
    if (contact.user is None) == (contact.name is None):
        raise _wrong("Give either a user, or a name with phones.")
    if contact.user is not None:
        return {"user": str(parse_id(contact.user))}  # as users are named everywhere
    return {"name": contact.name, "phones": list(contact.phones)}


def _poll(poll: Poll) -> dict[str, Any]:
    options = [option.strip() for option in poll.options]
    if not poll.question.strip() or not all(options) or len(set(options)) < len(options):
        raise _wrong("A poll needs a question and different options.")
    if not 2 <= len(options) <= settings.POLL_OPTIONS_MAX:
        raise _wrong(f"A poll has 2 to {settings.POLL_OPTIONS_MAX} options.")
    return {
        "question": poll.question,
        "options": options,
        "multiple": poll.multiple,
        "closes_at": None if poll.closes_at is None else rfc3339(moment(poll.closes_at, "content")),
    }


def _present(content: dict[str, Any]) -> dict[str, Any]:
    return {name: it for name, it in content.items() if it is not None}


def _wrong(text: str) -> Invalid:
    return Invalid("invalid", text, fields={"content": [text]})


def member_not_found() -> NotFound:
    """Nobody of this chat."""
    return NotFound("member_not_found", "There is no such member in this chat.")
