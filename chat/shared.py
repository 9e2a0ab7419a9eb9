"""What people have shared in a chat: pictures and films, files, links."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from chat.access import Access
from chat.attachments import MESSAGE, present
from chat.models import WITH_FILES, WITH_LINKS, WITH_MEDIA, Message
from chat.queries import message_rows, shown_to
from chat.rendering import viewed_by
from core.paging import Page, Place, page
from media.models import Blob, Hold

_HELD = {"media": WITH_MEDIA, "files": WITH_FILES, "links": WITH_LINKS}


def list_shared(access: Access, kind: str, place: Place) -> Page:
    """A page of the messages with media, files or links that the caller may see, the newest first.

    Six queries, whatever its length.
    """
    shared = _shared(access, _HELD[kind])
    if kind != "links":
        shared = shared.filter(_is_ready())
    after = place.ints(1)
    if after is not None:
        shared = shared.filter(seq__lt=after[0])
    rows = message_rows(shared.order_by("-seq")[: place.limit + 1])
    results, users = viewed_by(access.membership.user_id, rows)
    return page(
        list(zip(rows, results, strict=True)),
        place,
        key=lambda pair: [pair[0].seq],
        payload=lambda pair: pair[1],
        users=users,
    )


def _shared(access: Access, held: Q) -> QuerySet[Message]:
    # Indexes: chat_message_media, chat_message_files, chat_message_links. However long the chat is,
    # only what they hold is read.
    return present(shown_to(access.membership).filter(held))


def _is_ready() -> Exists:
    """Whether a message shows a file that can be opened: one that is decoded, and not gone with its
    owner. Index: media_hold_holder.
    """
    return Exists(
        Hold.objects.filter(
            kind=MESSAGE,
            holder_id=OuterRef("pk"),
            medium__blob__state=Blob.State.READY,
            medium__owner__deleted_at=None,
        )
    )
