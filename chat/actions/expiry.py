"""What chats let go of with time. It takes no seq and tells nobody: readers have hidden expired
messages since the second they expired.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from chat.attachments import SCHEDULED
from chat.emptying import empty_messages
from chat.models import Chat, Invite, JoinRequest, Membership, Message, Receipt, Scheduled
from media.actions.media import release


def expire_messages(now: datetime, *, dry_run: bool = False) -> int:
    """Empties messages that have disappeared; answers how many. Their places in the logs stay.

    In batches of EXPIRE_BATCH_ROWS, each a transaction of its own. Locks the chats, so that
    whoever is about to do something to a message has done it, or will not find it.
    """
    expired = Message.objects.filter(expires_at__lte=now, deleted_at=None).order_by("expires_at")
    if dry_run:
        return expired.count()
    emptied = 0
    while batch := list(expired.values_list("pk", "chat_id")[: settings.EXPIRE_BATCH_ROWS]):
        messages, chats = zip(*batch, strict=True)
        with transaction.atomic():
            locked = Chat.objects.select_for_update(no_key=True).filter(pk__in=set(chats))
            list(locked.order_by("pk").values_list("pk"))
            emptied += empty_messages(Message.objects.filter(pk__in=messages, deleted_at=None))
    return emptied


def expire_scheduled(now: datetime, *, dry_run: bool = False) -> int:
    """Drops scheduled messages that were refused SCHEDULED_KEPT_DAYS ago; answers how many."""
    old = now - timedelta(days=settings.SCHEDULED_KEPT_DAYS)
    refused = Scheduled.objects.exclude(refused="").filter(send_at__lt=old)
    if dry_run:
        return refused.count()
    with transaction.atomic():
        ids = list(refused.select_for_update().order_by("pk").values_list("pk", flat=True))
        Scheduled.objects.filter(pk__in=ids).delete()
        release(SCHEDULED, ids)
    return len(ids)


def expire_receipts(now: datetime, *, dry_run: bool = False) -> int:
    """Drops the times of receipts older than RECEIPTS_KEPT_DAYS; answers how many there are."""
    old = Receipt.objects.filter(at__lt=now - timedelta(days=settings.RECEIPTS_KEPT_DAYS))
    return old.count() if dry_run else old.delete()[0]


def forget_invites(now: datetime, *, dry_run: bool = False) -> int:
    """Deletes requests to join that were decided more than REQUESTS_KEPT_DAYS ago, and invites that
    ended so long ago if nobody whom they let in is left; answers how many.
    """
    since = now - timedelta(days=settings.REQUESTS_KEPT_DAYS)
    requests = JoinRequest.objects.exclude(status=JoinRequest.Status.PENDING)
    requests = requests.filter(decided_at__lt=since)
    invites = Invite.objects.filter(Q(revoked_at__lt=since) | Q(expires_at__lt=since)).exclude(
        Exists(Membership.objects.filter(invite=OuterRef("pk")))
        | Exists(JoinRequest.objects.filter(invite=OuterRef("pk"), decided_at=None))
    )
    if dry_run:
        return requests.count() + invites.count()
    return requests.delete()[0] + invites.delete()[0]
