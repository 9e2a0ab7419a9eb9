"""Where devices want their pushes."""

from collections.abc import Collection

from django.db import transaction

from accounts.access import lock_account
from accounts.models import Device
from core.clock import now
from core.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from core.fetch import FetchError, locate
from notifications.models import PushSubscription
from notifications.schemas import Subscribe
from notifications.webpush import key_of_browser, secret_of_browser


def subscribe(
    user_id: int, device_id: int | None, wish: Subscribe
) -> tuple[PushSubscription, bool]:
    """Makes ``wish`` the device's subscription in place of the one before; whether it is new.

    An endpoint belongs to a browser: who signs in there next takes it over, with the same keys.
    Locks the user row, so that none outlives the device. Raises Invalid ``endpoint_refused`` for
    what is not https at a public address, Invalid for keys that are none, Conflict
    ``endpoint_taken``, Forbidden ``device_required``.
    """
    if device_id is None:
        raise device_required()
    for field, read in (("p256dh", key_of_browser), ("auth", secret_of_browser)):
        try:
            read(getattr(wish.keys, field))
        except ValueError as error:
            message = f"{field} is not a browser's."
            raise Invalid("invalid", message, fields={"keys": [message]}) from error
    try:
        locate(wish.endpoint, schemes=("https",))
    except FetchError as error:
        raise endpoint_refused() from error
    with transaction.atomic():
        lock_account(user_id)
        if not Device.objects.filter(pk=device_id, user_id=user_id, revoked_at=None).exists():
            raise Unauthenticated("device_revoked", "This device is signed out.")
        # Of two people at the browser's end at once one waits here for the other.
        rows = PushSubscription.objects.select_for_update()
        of_device = rows.filter(device_id=device_id).first()
        before = rows.filter(endpoint=wish.endpoint).first()
        keys = {"p256dh": wish.keys.p256dh, "auth": wish.keys.auth}
        if before is not None:
            is_same = keys == {"p256dh": before.p256dh, "auth": before.auth}
            if before.device_id == device_id and is_same:
                return before, False
            if before.user_id != user_id and not is_same:
                raise endpoint_taken()
            before.delete()
        if of_device is not None and of_device != before:
            of_device.delete()
        made = PushSubscription.objects.bulk_create(
            [
                PushSubscription(
                    user_id=user_id,
                    device_id=device_id,
                    endpoint=wish.endpoint,
                    created_at=now(),
                    **keys,
                )
            ],
            ignore_conflicts=True,
        )
        row = PushSubscription.objects.filter(endpoint=wish.endpoint, device_id=device_id).first()
        if row is None:  # another account was quicker with the same endpoint
            raise endpoint_taken()
    return row, bool(made)


def unsubscribe(user_id: int, device_id: int | None, endpoint: str | None) -> None:
    """Forgets a subscription of the person's own: of an endpoint, or this device's.

    Raises NotFound where there is none, Forbidden ``device_required``.
    """
    rows = PushSubscription.objects.filter(user_id=user_id)
    if endpoint is not None:
        rows = rows.filter(endpoint=endpoint)
    elif device_id is None:
        raise device_required()
    else:
        rows = rows.filter(device_id=device_id)
    if not rows.delete()[0]:
        raise NotFound


def forget_devices(device_ids: Collection[int]) -> None:
    """In the transaction that signs devices out: nothing is pushed to them any more."""
    PushSubscription.objects.filter(device_id__in=device_ids).delete()


def endpoint_refused() -> Invalid:
    """An address that the server does not push to."""
    message = "https to a public address, please."
    return Invalid("endpoint_refused", message, fields={"endpoint": [message]})


def endpoint_taken() -> Conflict:
    """Another account's browser is told there, with other keys."""
    return Conflict("endpoint_taken", "This subscription belongs to another account.")


def device_required() -> Forbidden:
    """The browsable API signs in people, not devices."""
    return Forbidden("device_required", "Sign in with a device to be pushed to.")
