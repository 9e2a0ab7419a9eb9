"""What an erased person leaves behind here: that they wrote, and no longer what."""

from chat.emptying import empty_messages
from chat.models import Hidden, Membership, Message, Scheduled, Star


def who_shares_a_chat(user_id: int) -> set[int]:
    """Everybody in a chat with the person; the person too."""
    chats = Membership.objects.filter(user_id=user_id).values("chat_id")
    return set(Membership.objects.filter(chat_id__in=chats).values_list("user_id", flat=True))


def delete_messages(user_id: int) -> None:
    """Deletes all that the person wrote, sent or not; the places in the logs stay.

    It takes no seq: clients do the same when they hear ``user:erased``.
    """
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
