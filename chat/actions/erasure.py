"""What an erased person leaves behind here: that they wrote, and no longer what."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from chat.emptying import empty_messages
from chat.join_requests import admin_ids
from chat.members import let_out
from chat.models import (
    Chat,
    Exclusion,
    Hidden,
    JoinRequest,
    Membership,
    Message,
    Receipt,
    Scheduled,
    Star,
)


def who_knows(user_id: int) -> set[int]:
    """Everybody in a chat with the person, the person too; the admins whom they ask to be let into
    a group, and who asks where nobody else is.
    """
    chats = Membership.objects.filter(user_id=user_id).values("chat_id")
    know = set(Membership.objects.filter(chat_id__in=chats).values_list("user_id", flat=True))
    asked = JoinRequest.objects.filter(user_id=user_id, status=JoinRequest.Status.PENDING)
    for chat_id in asked.values_list("chat_id", flat=True):
        know.update(admin_ids(chat_id))
    alone = Chat.objects.filter(pk__in=_group_ids(user_id), members_count=1)
    asking = JoinRequest.objects.filter(chat__in=alone, status=JoinRequest.Status.PENDING)
    return know | set(asking.values_list("user_id", flat=True))


def lock_groups(user_id: int) -> Callable[[], bool]:
    """Locks the person's groups, the lower id first."""
    locked = _group_ids(user_id)
    chats = Chat.objects.select_for_update(no_key=True).filter(pk__in=locked)
    list(chats.order_by("pk").values_list("pk"))
    return lambda: _group_ids(user_id) <= locked


def forget_person(user_id: int) -> None:
    """Takes the person out of all groups, which are passed on where they were theirs, and deletes
    their requests to join.
    """
    for group in Chat.objects.filter(pk__in=_group_ids(user_id)).order_by("pk"):
        let_out(group, [user_id], action="left", by=user_id)
    JoinRequest.objects.filter(user_id=user_id).delete()
    Exclusion.objects.filter(user_id=user_id).delete()


def clear_person(user_id: int) -> None:
    """Removes all that the person wrote, sent or not, and what only they knew of: drafts, stars,
    scheduled messages, which messages they had deleted for themselves, when they have read what.

    The messages' places in the logs stay, with sender and time. It takes no seq: clients do the
    same when they hear ``user:erased``. Reactions and votes stay, as a deleted account's: others
    have counted on them, and they say nothing that the account's id does not say already.
    """
    _empty_written(user_id)
    Scheduled.objects.filter(sender_id=user_id).delete()
    Chat.objects.filter(creator_id=user_id, client_id__isnull=False).update(
        client_id=None, digest=None
    )
    mine = Membership.objects.filter(user_id=user_id)
    mine.exclude(draft="").update(draft="")
    _delete(Star.objects.filter(user_id=user_id))
    _delete(Hidden.objects.filter(user_id=user_id))
    for membership in mine.order_by("pk"):
        _delete(Receipt.objects.filter(membership=membership))


def _group_ids(user_id: int) -> set[int]:
    groups = Membership.objects.filter(user_id=user_id, chat__kind=Chat.Kind.GROUP)
    return set(groups.values_list("chat_id", flat=True))


def _empty_written(user_id: int) -> None:
    """In batches of EXPIRE_BATCH_ROWS along the index of senders and their ``client_id``s, each a
    transaction that holds the chats concerned. A message that has lost its ``client_id`` is done.
    """
    written = Message.objects.filter(sender_id=user_id, client_id__isnull=False)
    written = written.order_by("client_id")
    after = ""
    while batch := list(
        written.filter(client_id__gt=after).values_list("pk", "chat_id", "client_id")[
            : settings.EXPIRE_BATCH_ROWS
        ]
    ):
        ids, chats, names = zip(*batch, strict=True)
        with transaction.atomic():
            # Whoever is about to do something to a message has done it, or finds it gone.
            locked = Chat.objects.select_for_update(no_key=True).filter(pk__in=set(chats))
            list(locked.order_by("pk").values_list("pk"))
            empty_messages(Message.objects.filter(pk__in=ids, deleted_at=None))
            Message.objects.filter(pk__in=ids).update(client_id=None, digest=None)
        after = names[-1]


def _delete(rows: QuerySet[Any]) -> None:
    while ids := list(rows.values_list("pk", flat=True)[: settings.EXPIRE_BATCH_ROWS]):
        rows.filter(pk__in=ids).delete()
