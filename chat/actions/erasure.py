"""What an erased person leaves behind here: that they wrote, and no longer what."""

from collections.abc import Callable

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
    all that they wrote, and their requests to join.

    The messages' places in the logs stay, and no seq is taken for them: clients do the same when
    they hear ``user:erased``.
    """
    for group in Chat.objects.filter(pk__in=_group_ids(user_id)).order_by("pk"):
        let_out(group, [user_id], action="left", by=user_id)
    JoinRequest.objects.filter(user_id=user_id).delete()
    Exclusion.objects.filter(user_id=user_id).delete()
    written = Message.objects.filter(sender_id=user_id, deleted_at=None)
    empty_messages(written)
    Message.objects.filter(sender_id=user_id).update(digest=None)


def drop_what_was_kept(user_id: int) -> None:
    """Deletes what only the person knew of: drafts, stars, scheduled messages, which messages they
    had deleted for themselves.

    Their reactions and votes stay, as a deleted account's: others have counted on them, and they
    say nothing that the account's id does not say already.
    """
    Scheduled.objects.filter(sender_id=user_id).delete()
    Star.objects.filter(user_id=user_id).delete()
    Hidden.objects.filter(user_id=user_id).delete()
    Membership.objects.filter(user_id=user_id).exclude(draft="").update(draft="")


def _group_ids(user_id: int) -> set[int]:
    groups = Membership.objects.filter(user_id=user_id, chat__kind=Chat.Kind.GROUP)
    return set(groups.values_list("chat_id", flat=True))
