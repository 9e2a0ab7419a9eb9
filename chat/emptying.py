"""What remains of a message that is gone: its place, its sender and its ``client_id``."""

from django.db.models import Exists, OuterRef, QuerySet

from chat.attachments import MESSAGE
from chat.models import Edit, Message, Reaction, Star, Vote
from chat.search.indexer import forget
from core.clock import now
from media.actions.media import release


def empty_messages(messages: "QuerySet[Message]") -> int:
    """Takes all that some messages hold, with what people have put on them, what they said before
    they were edited and what they are found by; answers how many there were.

    The digest stays, by which a repeat is recognised. Takes no seq and tells nobody. Locks media
    that nothing else shows, and so comes after all other locks.
    """
    with_files = messages.filter(attachments__isnull=False)
    holders = list(with_files.values_list("pk", flat=True))
    on_them = Message.objects.filter(
        pk__in=messages.values("pk"), chat=OuterRef("chat"), seq=OuterRef("seq")
    )
    for put_on in (Reaction, Vote, Star):
        put_on._default_manager.filter(Exists(on_them)).delete()
    Edit.objects.filter(message__in=messages).delete()
    forget(messages)
    count = messages.update(
        text="",
        content=None,
        attachments=None,
        reply_to=None,
        mentions=None,
        preview=None,
        pinned_at=None,
        deleted_at=now(),
    )
    if holders:
        release(MESSAGE, holders)
    return count
