"""How people and devices look in JSON."""

from collections.abc import Iterable
from typing import Literal, TypedDict

from accounts.models import Audience, Device, User
from accounts.privacy import Relation, allows
from core.clock import rfc3339


class Person(TypedDict):
    """How a person is named wherever others meet them."""

    id: str
    username: str
    name: str
    avatar_url: str | None


class Privacy(TypedDict):
    """Who may see what of mine, and two switches that work both ways."""

    last_seen: str
    online: str
    avatar: str
    about: str
    statuses: str
    read_receipts: bool
    typing: bool


class Profile(Person):
    """One's own profile, as only oneself sees it."""

    about: str
    email: str | None
    phone: str | None
    pending_email: str | None
    pending_phone: str | None
    has_password: bool
    privacy: Privacy
    date_joined: str


class PublicProfile(Person):
    """Someone else's profile; what they do not show is null."""

    about: str | None


class DevicePayload(TypedDict):
    """A signed-in device of one's own; ``current`` is the one that asks."""

    id: str
    name: str
    platform: str
    created_at: str
    last_used_at: str
    current: bool


class PhonePrefix(TypedDict):
    """A country's dialling prefix with an example number."""

    country: str
    name: str
    prefix: str
    example: str


class Session(TypedDict, total=False):
    """The answer to every way of signing in; ``refresh`` is absent where a cookie carries it."""

    access: str
    refresh: str
    created: bool
    user: Profile
    device: DevicePayload


class Tokens(TypedDict, total=False):
    """A rotated pair; ``refresh`` is absent where a cookie carries it."""

    access: str
    refresh: str


class CodeSent(TypedDict):
    """The answer to a request for a code, whether or not there is an account; seconds."""

    identifier: str
    channel: Literal["email", "sms", "console"]
    expires_in: int
    resend_in: int


#: The columns that ``person`` reads.
PERSON_FIELDS = ("id", "username", "name", "avatar_id", "privacy_avatar")


def person(user: User) -> Person:
    """The person as others meet them, the same for all: where a picture is shown to some only, the
    others cannot open its path.
    """
    is_shown = user.privacy_avatar != Audience.NOBODY
    return {
        "id": str(user.pk),
        "username": user.username,
        "name": user.name,
        "avatar_url": avatar_url(user.avatar_id) if is_shown else None,
    }


def avatar_url(avatar_id: int | None) -> str | None:
    """The way to a picture of somebody or of a group; whoever may see it can open it."""
    return f"/media/{avatar_id}/avatar.webp" if avatar_id else None


def people(ids: Iterable[int]) -> dict[str, Person]:
    """The people of ``ids`` by id as clients write it, in one query; ids of nobody are left out."""
    wanted = set(ids)
    if not wanted:
        return {}
    rows = User.objects.filter(pk__in=wanted).only(*PERSON_FIELDS)
    return {str(user.pk): person(user) for user in rows}


def privacy(user: User) -> Privacy:
    """The user's privacy settings."""
    return {
        "last_seen": user.privacy_last_seen,
        "online": user.privacy_online,
        "avatar": user.privacy_avatar,
        "about": user.privacy_about,
        "statuses": user.privacy_statuses,
        "read_receipts": user.read_receipts,
        "typing": user.typing,
    }


def profile(user: User) -> Profile:
    """One's own profile."""
    return {
        **person(user),
        "avatar_url": avatar_url(user.avatar_id),
        "about": user.about,
        "email": user.email,
        "phone": user.phone,
        "pending_email": user.pending_email or None,
        "pending_phone": user.pending_phone or None,
        "has_password": user.has_usable_password(),
        "privacy": privacy(user),
        "date_joined": rfc3339(user.date_joined),
    }


def public_profile(user: User, relation: Relation) -> PublicProfile:
    """Someone's profile, cut to what a viewer of this relation may see."""
    shows_about = allows(user.privacy_about, relation)
    return {
        **person(user),
        "avatar_url": avatar_url(user.avatar_id) if allows(user.privacy_avatar, relation) else None,
        "about": user.about if shows_about else None,
    }


def device_payload(device: Device, *, current: bool) -> DevicePayload:
    """A device in its owner's list."""
    return {
        "id": str(device.pk),
        "name": device.name,
        "platform": device.platform,
        "created_at": rfc3339(device.created_at),
        "last_used_at": rfc3339(device.last_used_at),
        "current": current,
    }
