"""Files of messages: what may be attached, and how a message takes hold of it.

Locks are taken in this order: contents that are not decoded yet, chats, the user's row, media.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import groupby
from operator import itemgetter

from django.db import transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from chat.actions.group_avatars import drop_lost_avatar
from chat.attachments import GROUP, MESSAGE, holders_of, messages_with, present
from chat.log import append_event
from chat.models import Chat, ChatEvent, Message
from chat.payloads import MessageRow
from chat.schemas.messages import SendMessage
from chat.search.indexer import reindex
from chat.writer import Draft, Written, writer
from core.errors import Invalid, NotFound
from core.ids import parse_id
from media.access import media_not_found, own_media
from media.actions.media import hold_each, lock_processing
from media.models import Blob, Medium
from media.queries import payloads_of

Kind = Message.Kind

#: Kinds of messages that are their files; ``text`` is the caption.
OF_FILES = frozenset({Kind.IMAGE, Kind.VIDEO, Kind.AUDIO, Kind.VOICE, Kind.FILE})
#: Of these the caption may be edited.
CAPTIONED = frozenset({Kind.IMAGE, Kind.VIDEO, Kind.FILE})

_RETRY = RetryStrategy(max_attempts=5, exponential_wait=3)

_ALBUM = frozenset({Blob.Kind.IMAGE, Blob.Kind.VIDEO})
_SOUND = frozenset({Blob.Kind.AUDIO, Blob.Kind.VOICE})


def attachment_ids(message: SendMessage) -> list[int]:
    """The media that a message names. Raises NotFound ``media_not_found`` for what is no id."""
    try:
        return [parse_id(one) for one in message.attachments]
    except NotFound as error:
        raise media_not_found() from error


def check_attachments(sender_id: int, message: SendMessage) -> str:
    """The kind of a message with its files: a text becomes what they are.

    Raises Invalid where there are none for the kind, or any for a kind without, the same twice, or
    ``media_kind``, ``media_rejected``; NotFound ``media_not_found`` for what is not the sender's.
    """
    if not message.attachments:
        if message.kind in OF_FILES:
            raise _wrong("Attach what you have uploaded.")
        return message.kind
    if message.kind not in {Kind.TEXT, *OF_FILES}:
        raise _wrong("This kind of message has no attachments.")
    if len(set(attachment_ids(message))) < len(message.attachments):
        raise _wrong("Attach each file once.")
    media = own_media(sender_id, message.attachments)
    if any(medium.blob.state == Blob.State.REJECTED for medium in media):
        raise media_rejected()
    if message.kind == "text":
        return _kind_of(media)
    if not _fits(message.kind, media):
        raise Invalid("media_kind", f"These files are no {message.kind}.")
    return message.kind


def _kind_of(media: Sequence[Medium]) -> str:
    kinds = [medium.blob.kind for medium in media]
    return kinds[0] if len(set(kinds)) == 1 or set(kinds) <= _ALBUM else Kind.FILE


def _fits(kind: str, media: Sequence[Medium]) -> bool:
    """Pictures and films go together, and sound is a voice note if its sender says so."""
    if kind == Kind.FILE:
        return True
    if kind in _SOUND:
        return all(_may_be_sound(medium.blob) for medium in media)
    kinds = {medium.blob.kind for medium in media}
    return kind in kinds and kinds <= _ALBUM


def _may_be_sound(blob: Blob) -> bool:
    # What a container holds that films come in too is known when it is decoded.
    is_open = blob.kind == Blob.Kind.VIDEO and blob.state == Blob.State.PROCESSING
    return blob.kind in _SOUND or is_open


def files_of(row: MessageRow) -> list[int]:
    """The media of a message that are still there."""
    return [int(one["id"]) for one in row.attached or ()]


def check_files(row: MessageRow) -> None:
    """Whether a message can be passed on with its files. Raises Invalid ``media_rejected``;
    NotFound ``media_not_found`` where all have gone with their owner.
    """
    if row.kind in OF_FILES and not row.attached:
        raise media_not_found()
    if any(one["state"] == Blob.State.REJECTED for one in row.attached or ()):
        raise media_rejected()


def write_attached(drafts: Sequence[Draft]) -> list[tuple[Draft, Written]]:
    """Writes messages, all or none, and takes hold of the files in the same transaction.

    Answers the drafts with the files as they went out. Raises what the writer raises, and NotFound
    ``media_not_found`` for a file that has gone.
    """
    wanted = {id for draft in drafts for id in draft.extra.attachments or ()}
    with transaction.atomic():
        # First these: who finishes decoding one tells of it again, or has done so by now.
        lock_processing(wanted)
        media = payloads_of(wanted)
        complete = [
            replace(
                draft,
                extra=replace(
                    draft.extra,
                    attached=[media[id] for id in draft.extra.attachments or () if id in media],
                ),
            )
            for draft in drafts
        ]
        sent = list(zip(complete, writer.call_together(complete), strict=True))
        _hold(sent)
    return sent


def _hold(sent: Sequence[tuple[Draft, Written]]) -> None:
    new = {
        (written.chat_id, written.seq): draft.extra.attachments
        for draft, written in sent
        if draft.extra.attachments and not written.is_repeat
    }
    if not new:
        return
    chats, seqs = zip(*new, strict=True)
    rows = Message.objects.filter(chat_id__in=chats, seq__in=seqs)
    keys = {(chat_id, seq): pk for pk, chat_id, seq in rows.values_list("pk", "chat_id", "seq")}
    hold_each(MESSAGE, {keys[place]: ids for place, ids in new.items()})


def media_processed(medium_ids: Collection[int]) -> None:
    """Completes the messages that show media which became ready or were rejected: all who see them
    are told. Within a transaction; locks the chats, the lower id first.
    """
    places = messages_with(medium_ids).order_by("chat_id", "seq").values_list("chat_id", "seq")
    told: list[int] = []
    for chat_id, of_chat in groupby(places, key=itemgetter(0)):
        told += _tell(chat_id, [seq for _, seq in of_chat])
    # Decoding gives files other names. All at once, in the one order of the index.
    reindex(told)


def files_forgotten(owner_id: int, medium_ids: Collection[int]) -> None:
    """For media that go with their owner's account: what others have passed on of them, and groups
    whose picture was theirs, are told of by jobs. Whoever erases an account holds people's rows,
    which come after chats.
    """
    others = messages_with(medium_ids).exclude(sender_id=owner_id).order_by("chat_id", "seq")
    places = others.values_list("chat_id", "seq")
    for chat_id, of_chat in groupby(places, key=itemgetter(0)):
        tell_files_gone.defer(chat_id=chat_id, seqs=[seq for _, seq in of_chat])
    for chat_id in holders_of(medium_ids, GROUP):
        tell_avatar_gone.defer(chat_id=chat_id)


@app.task(name="chat.files_gone", queue="default", retry=_RETRY)
def tell_files_gone(chat_id: int, seqs: list[int]) -> None:
    """Tells a chat that messages have lost files."""
    with transaction.atomic():
        reindex(_tell(chat_id, seqs))  # found by those names no more


@app.task(name="chat.avatar_gone", queue="default", retry=_RETRY)
def tell_avatar_gone(chat_id: int) -> None:
    """Takes away a picture that a group has lost."""
    drop_lost_avatar(chat_id)


def _tell(chat_id: int, seqs: Collection[int]) -> list[int]:
    """Answers the ids of the messages that all were told of."""
    Chat.objects.select_for_update(no_key=True).get(pk=chat_id)
    # Only now is it sure that nobody deletes them any more.
    there = present(Message.objects.filter(chat_id=chat_id, seq__in=seqs))
    messages = list(there.order_by("seq").values_list("pk", "seq"))
    for _, seq in messages:
        append_event(chat_id, seq, ChatEvent.Change.MEDIA, by=None)
    return [pk for pk, _ in messages]


def media_rejected() -> Invalid:
    """It could not be decoded."""
    return Invalid("media_rejected", "This file cannot be shown.")


def _wrong(text: str) -> Invalid:
    return Invalid("invalid", text, fields={"attachments": [text]})
