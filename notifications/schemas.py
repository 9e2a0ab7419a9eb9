"""Input shapes."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from core.schema import Input

TimeOfDay = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]\Z")]


class ReadUpTo(Input):
    """``POST notifications/read/``: the id of the newest one that was looked at."""

    up_to: str


class PushKeys(Input):
    """The keys of a browser's ``PushSubscription``, in base64url."""

    p256dh: Annotated[str, Meta(max_length=100)]
    auth: Annotated[str, Meta(max_length=32)]


class Subscribe(Input):
    """``POST notifications/push/``: a browser's ``PushSubscription`` as it writes itself."""

    endpoint: Annotated[str, Meta(max_length=1000)]
    keys: PushKeys


class Unsubscribe(Input):
    """``DELETE notifications/push/``: without an endpoint this device's."""

    endpoint: str | None = None


class PatchPreferences(Input):
    """``PATCH notifications/settings/``: what is absent stays."""

    push: bool | UnsetType = UNSET
    preview: bool | UnsetType = UNSET
    mail: bool | UnsetType = UNSET
    reactions: bool | UnsetType = UNSET
    connections: bool | UnsetType = UNSET
    quiet_from: TimeOfDay | UnsetType | None = UNSET
    quiet_to: TimeOfDay | UnsetType | None = UNSET
    time_zone: Annotated[str, Meta(max_length=64)] | UnsetType = UNSET
