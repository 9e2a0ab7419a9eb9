"""What an erased person leaves behind here: nothing."""

from django.db.models import Q

from notifications.models import Notification, Preferences, PushAttempt, PushSubscription


def who_was_told(user_id: int) -> set[int]:
    """Those who have notifications of something the person did."""
    rows = Notification.objects.filter(by_id=user_id)
    return set(rows.values_list("user_id", flat=True))


def forget_person(user_id: int) -> None:
    """Deletes all that the person has here, and others' notifications of what they did.

    Clients do the same when they hear ``user:erased``.
    """
    Notification.objects.filter(Q(user_id=user_id) | Q(by_id=user_id)).delete()
    for model in (Preferences, PushSubscription, PushAttempt):
        model.objects.filter(user_id=user_id).delete()
