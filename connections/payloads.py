"""JSON shapes of connections."""

from typing import TypedDict

from accounts.models import Audience
from accounts.payloads import Person, person
from connections.models import Block, ConnectionRequest
from connections.queries import Contact
from core.clock import rfc3339, rfc3339_or_none


class Qr(TypedDict):
    """A code to show: ``svg`` is an image that scales, ``url`` what it says."""

    token: str
    url: str
    svg: str
    expires_at: str


RequestPayload = TypedDict(
    "RequestPayload",
    {
        "id": str,
        "from": str,
        "to": str,
        "status": str,
        "expires_at": str,
        "created_at": str,
    },
)


class RequestLists(TypedDict):
    """Open requests to the caller and of the caller."""

    incoming: list[RequestPayload]
    outgoing: list[RequestPayload]
    users: dict[str, Person]


class ContactPerson(Person):
    """A contact's profile; ``about`` is null when they show it to nobody."""

    about: str | None


class ContactRow(TypedDict):
    """A row of the contact list; null is what the viewer may not know (``chat``: there is none)."""

    user: ContactPerson
    online: bool | None
    last_seen: str | None
    chat: str | None
    since: str


class Contacts(TypedDict):
    """A page of the contact list."""

    results: list[ContactRow]
    next: str | None
    users: dict[str, Person]


class Blocked(TypedDict):
    """A person the caller blocks."""

    user: str
    created_at: str


class Blocks(TypedDict):
    """A page of the block list."""

    results: list[Blocked]
    next: str | None
    users: dict[str, Person]


def contact_payload(contact: Contact) -> ContactRow:
    """A contact as the owner of the list sees it."""
    user = contact.user
    about = None if user.privacy_about == Audience.NOBODY else user.about
    return {
        "user": {**person(user), "about": about},
        "online": contact.online,
        "last_seen": rfc3339_or_none(contact.last_seen),
        "chat": None if contact.chat_id is None else str(contact.chat_id),
        "since": rfc3339(contact.since),
    }


def request_payload(request: ConnectionRequest) -> RequestPayload:
    """A request as both sides see it."""
    return {
        "id": str(request.pk),
        "from": str(request.scanner_id),
        "to": str(request.owner_id),
        "status": request.status,
        "expires_at": rfc3339(request.expires_at),
        "created_at": rfc3339(request.created_at),
    }


def block_payload(block: Block) -> Blocked:
    """A row of the caller's block list."""
    return {"user": str(block.blocked_id), "created_at": rfc3339(block.created_at)}
