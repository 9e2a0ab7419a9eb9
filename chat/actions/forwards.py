"""Passing messages on to other chats."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence

import msgspec
from django.conf import settings
from django.db import transaction

from accounts.payloads import people
from chat.access import Access, get_chat, message_deleted, message_not_found, parse_chat_id
from chat.actions.attachments import check_files, files_of, write_attached
from chat.actions.messages import take_rate
from chat.actions.polls import is_closed, poll_closed
from chat.actions.previews import ask_for_preview, link_to_preview
from chat.models import Chat, Message
from chat.payloads import MessageRow, Place
from chat.queries import shown_messages
from chat.schemas.forwards import Forward
from chat.writer import Draft, Extra, reused
from core.errors import Forbidden, Invalid
from media.actions.media import lock_processing

#: What the column can hold.
_FORWARDS_MAX = 32_767


def forward(user_id: int, wanted: Forward) -> tuple[list[Place], bool]:
    """Sends each message to each chat, all or none; answers where they stand, chat by chat in the
    order given, and whether an earlier call with the same ``client_id`` has written them.

    What they answer, whom they mention and what people have put on them stays behind; a poll goes
    on without its votes, a link's preview is fetched anew, files go along, whosever they are.
    Locks files that are not decoded yet, then all target chats, the lower id first. Raises
    NotFound, Forbidden ``chat_closed``, ``chat_read_only`` and ``forwarded_often``, Conflict
    ``client_id_reused``, ``message_deleted`` and ``poll_closed``, Invalid ``not_forwardable`` and
    ``media_rejected``, RateLimited.
    """
    places = list(dict.fromkeys((parse_chat_id(one.chat), one.seq) for one in wanted.from_))
    targets = list(dict.fromkeys(parse_chat_id(one) for one in wanted.to))
    names = _client_ids(wanted.client_id, len(places) * len(targets))
    asked = hashlib.blake2b(msgspec.json.encode([places, targets]), digest_size=16).digest()
    take_rate(user_id, len(names))
    with transaction.atomic():
        shown = shown_messages(user_id, places)
        # Before the chats, as whoever finishes decoding them does.
        lock_processing({one for row in shown.values() for one in files_of(row)})
        locked = Chat.objects.select_for_update(no_key=True).filter(pk__in=targets).order_by("pk")
        list(locked.values_list("pk"))
        written = _written(user_id, names, asked)
        if written:
            return written, True
        chats = [get_chat(user_id, str(one)) for one in targets]
        sources = _sources(shown, places, len(targets))
        for access in chats:
            access.require_open()
            access.require_post()
        drafts = _drafts(user_id, chats, sources, names, asked)
        new = [one for _, one in write_attached(drafts)]
        for row, one in zip(sources * len(chats), new, strict=True):
            # Who sent it first has wished for the preview, or for none.
            if row.preview is not None and (link := link_to_preview(user_id, row.text)):
                ask_for_preview(one.chat_id, one.seq, link)
        return [(one.chat_id, one.seq) for one in new], False


def _client_ids(client_id: str | None, count: int) -> list[str]:
    """One for each message to write; the same ones for the same ``client_id``."""
    client_id = client_id or secrets.token_urlsafe()
    return [
        "fwd-" + hashlib.blake2b(f"{client_id}/{n}".encode(), digest_size=16).hexdigest()
        for n in range(count)
    ]


def _written(user_id: int, names: Sequence[str], asked: bytes) -> list[Place]:
    """What an earlier call has written; nothing if there was none. Raises Conflict."""
    rows = Message.objects.filter(sender_id=user_id, client_id__in=names)
    found = {
        client_id: ((chat_id, seq), digest)
        for client_id, digest, chat_id, seq in rows.values_list(
            "client_id", "digest", "chat_id", "seq"
        )
    }
    if any(bytes(digest or b"") != asked for _, digest in found.values()):
        raise reused()
    return [found[name][0] for name in names] if found else []


def _sources(
    shown: Mapping[Place, MessageRow], places: Sequence[Place], chats: int
) -> list[MessageRow]:
    """The messages to pass on, of those which the person may see."""
    rows = [shown.get(place) for place in places]
    sources = [row for row in rows if row is not None and row.kind != Message.Kind.SYSTEM]
    if len(sources) < len(places):
        raise message_not_found()
    for row in sources:
        if row.deleted_at is not None:
            raise message_deleted()
        if row.kind == Message.Kind.CALL:
            raise Invalid("not_forwardable", "A call stays where it was.")
        check_files(row)
        if row.kind == Message.Kind.POLL and is_closed(row):
            raise poll_closed()
        if chats > 1 and row.forwards >= settings.FORWARDS_OFTEN:
            raise Forbidden("forwarded_often", "This message goes to one chat at a time only.")
    return sources


def _drafts(
    user_id: int,
    chats: Sequence[Access],
    sources: Sequence[MessageRow],
    names: Sequence[str],
    asked: bytes,
) -> list[Draft]:
    shared = {int(row.content["user"]) for row in sources if row.content and "user" in row.content}
    users = people(shared)
    name = iter(names)
    return [
        Draft(
            access.chat.pk,
            user_id,
            next(name),
            row.text,
            row.kind,
            extra=Extra(
                content=row.content,
                forwards=min(row.forwards + 1, _FORWARDS_MAX),
                attachments=files_of(row) or None,
                users=users or None,
            ),
            asked=asked,
        )
        for access in chats
        for row in sources
    ]
