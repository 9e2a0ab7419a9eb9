"""Making notifications, reading them, taking them back."""

from collections.abc import Iterable, Mapping

from django.db import transaction

from accounts.access import lock_account
from accounts.log import lock_logs, tell, tell_each
from core.clock import now, rfc3339
from core.errors import NotFound
from core.ids import new_id
from notifications.actions.push import push_notifications
from notifications.models import Notification, Preferences
from notifications.payloads import notification_payload

#: By which switch of the preferences a person wants no notification of a kind; others always come.
SWITCHES = {
    "connection_request": "connections",
    "connection_accepted": "connections",
    "reaction": "reactions",
}
# Ids in one event.
_READ_AT_ONCE = 500


def notify(
    user_ids: Iterable[int],
    kind: str,
    *,
    by: int | None = None,
    data: Mapping[str, str | int] | None = None,
    key: str = "",
) -> list[Notification]:
    """Tells people of something: in their list, by ``notification:new``, and by a push.

    ``data`` holds ids only. While somebody has an unread one of the same ``key``, or has switched
    the kind off, nothing is made for them. In the caller's transaction: takes the user rows' locks.
    """
    ids = sorted(set(user_ids))
    if (switch := SWITCHES.get(kind)) is not None:
        off = Preferences.objects.filter(user_id__in=ids, **{switch: False})
        unwanted = set(off.values_list("user_id", flat=True))
        ids = [user_id for user_id in ids if user_id not in unwanted]
    at = now()
    rows = [
        Notification(
            pk=new_id(), user_id=user_id, kind=kind, by_id=by, data=dict(data or {}), key=key,
            created_at=at,
        )
        for user_id in ids
    ]  # fmt: skip
    with transaction.atomic():
        Notification.objects.bulk_create(rows, ignore_conflicts=bool(key))
        if key:
            found = Notification.objects.filter(pk__in=[row.pk for row in rows])
            made = set(found.values_list("pk", flat=True))
            rows = [row for row in rows if row.pk in made]
        tell_each(
            {
                row.user_id: ("notification:new", {"notification": notification_payload(row)})
                for row in rows
            }
        )
        push_notifications(rows)
    return rows


def retract(user_ids: Iterable[int], key: str) -> None:
    """Takes notifications of ``key`` back, read or not: what they told of is over.

    Tells ``notification:removed``. In the caller's transaction: takes the user rows' locks.
    """
    with transaction.atomic():
        rows = Notification.objects.filter(user_id__in=set(user_ids), key=key)
        # Before the notifications, as who reads theirs does.
        lock_logs(rows.values_list("user_id", flat=True).distinct())
        found = list(rows.order_by("user_id", "pk").values_list("user_id", "pk"))
        Notification.objects.filter(pk__in=[pk for _, pk in found]).delete()
        # Usually one each; more only where one was read before the next came.
        while found:
            first = dict(reversed(found))
            found = [(user_id, pk) for user_id, pk in found if first[user_id] != pk]
            tell_each(
                {
                    user_id: ("notification:removed", {"notification": str(pk)})
                    for user_id, pk in first.items()
                }
            )


def read_notifications(user_id: int, up_to: int) -> None:
    """Marks the person's notifications as read, up to one of them; tells ``notification:read``.

    Locks the user row first: whatever is told before this is read by it, and nothing else is.
    Raises NotFound for one that is not the person's.
    """
    with transaction.atomic():
        lock_account(user_id)
        mine = Notification.objects.filter(user_id=user_id)
        if not mine.filter(pk=up_to).exists():
            raise NotFound
        at = now()
        unread = mine.filter(pk__lte=up_to, read_at=None).order_by("pk")
        ids = list(unread.values_list("pk", flat=True))
        Notification.objects.filter(pk__in=ids).update(read_at=at)
        for begin in range(0, len(ids), _READ_AT_ONCE):
            portion = [str(pk) for pk in ids[begin : begin + _READ_AT_ONCE]]
            tell(user_id, "notification:read", {"notifications": portion, "read_at": rfc3339(at)})
