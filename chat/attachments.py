"""What of chats shows which media: reads."""

from collections.abc import Collection

from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import Now

from chat.models import Message
from chat.sql.attachments import SHOWN_MEDIA
from media.models import Hold

#: What they are to ``media.actions.media``: messages, those that wait for their time, groups with
#: their pictures.
MESSAGE, SCHEDULED, GROUP = "message", "scheduled", "group"


def media_shown_to(viewer_id: int, medium_ids: Collection[int]) -> set[int]:
    """Of some media those that a message which the viewer may see or a group of theirs shows; for
    ``media.access``.

    One query.
    """
    with connection.cursor() as cursor:
        cursor.execute(SHOWN_MEDIA, {"user": viewer_id, "media": list(medium_ids)})
        return {id for (id,) in cursor.fetchall()}


def holders_of(medium_ids: Collection[int], kind: str) -> list[int]:
    """The keys of what of a kind shows any of some media."""
    holds = Hold.objects.filter(medium_id__in=medium_ids, kind=kind)
    return list(holds.order_by("holder_id").values_list("holder_id", flat=True).distinct())


def messages_with(medium_ids: Collection[int]) -> QuerySet[Message]:
    """The messages that show any of some media."""
    return present(Message.objects.filter(pk__in=holders_of(medium_ids, MESSAGE)))


def present(messages: QuerySet[Message]) -> QuerySet[Message]:
    """Those of some messages that are not deleted, nor are their senders, and whose time has not
    come.
    """
    there = messages.filter(deleted_at=None, sender__deleted_at=None)
    return there.exclude(expires_at__isnull=False, expires_at__lte=Now())
