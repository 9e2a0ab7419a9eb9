"""What people take along when they ask for their data: each app registers its own part of it, and
``exports`` writes them into one archive.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any, NamedTuple

from accounts.models import Device, User
from accounts.payloads import device_payload, profile
from core.clock import rfc3339_or_none


class Lines(NamedTuple):
    """A file of JSON, a line a row; the rows are made while they are written."""

    name: str
    rows: Iterable[Any]


class File(NamedTuple):
    """A file as it is kept; ``open`` raises FileNotFoundError if it has gone meanwhile."""

    name: str
    open: Callable[[], IO[bytes]]


#: ``fn(user_id)``: an app's files, in an order that never changes, in bounded memory.
Parts = Callable[[int], Iterable[Lines | File]]
#: ``fn(user_id)``: about how many bytes they will have, for the progress.
Size = Callable[[int], int]


class Section(NamedTuple):
    """An app's part; ``about`` tells the person which files there are."""

    parts: Parts
    about: str
    size: Size


sections: list[Section] = []


def register_section(parts: Parts, about: str, size: Size = lambda user_id: 2_000) -> None:
    """Registers an app's part of every export.

    It holds what the person may see at the moment when it is read, and is read page by page, not in
    one transaction. It may be given up in the middle.
    """
    sections.append(Section(parts, about, size))


def account(user_id: int) -> Iterator[Lines]:
    """The profile with its settings, and the signed-in devices."""
    yield Lines("profile.json", _profile(user_id))
    yield Lines("devices.jsonl", _devices(user_id))


def _profile(user_id: int) -> Iterator[Any]:
    user = User.objects.get(pk=user_id)
    yield {**profile(user), "last_seen_at": rfc3339_or_none(user.last_seen_at)}


def _devices(user_id: int) -> Iterator[Any]:
    for device in Device.objects.filter(user_id=user_id, revoked_at=None).order_by("pk"):
        yield device_payload(device, current=False)


register_section(
    account,
    "profile.json: your profile, your identifiers and your privacy settings\n"
    "devices.jsonl: where you are signed in",
)
