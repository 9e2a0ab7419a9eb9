"""Reads of connections, requests and blocks; for this app and those above it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.models import User
from connections.models import Block, Connection, ConnectionRequest
from core.clock import now

#: (viewer id, ids) -> chat id of the direct chat, for those of ``ids`` that have one.
ChatLookup = Callable[[int, Sequence[int]], dict[int, int]]
#: (viewer id, ids) -> (online, last seen), None where the viewer may not know or nobody knows.
PresenceLookup = Callable[[int, Sequence[int]], Mapping[int, tuple[bool | None, datetime | None]]]

_chat_lookup: ChatLookup | None = None
_presence_lookup: PresenceLookup | None = None


def register_chat_lookup(lookup: ChatLookup) -> None:
    """The chat app tells how to find direct chats; this app may not import it."""
    global _chat_lookup
    _chat_lookup = lookup


def register_presence_lookup(lookup: PresenceLookup) -> None:
    """The presence app tells who is online; this app may not import it."""
    global _presence_lookup
    _presence_lookup = lookup


def direct_chats(viewer_id: int, ids: Sequence[int]) -> dict[int, int]:
    """The viewer's direct chats with ``ids``; empty without the chat app."""
    return _chat_lookup(viewer_id, ids) if _chat_lookup else {}


def presences(
    viewer_id: int, ids: Sequence[int]
) -> Mapping[int, tuple[bool | None, datetime | None]]:
    """What the viewer may know of the presence of ``ids``; empty without the presence app."""
    return _presence_lookup(viewer_id, ids) if _presence_lookup else {}


def connections_of(user_id: int) -> QuerySet[Connection]:
    """The person's connections, the newest first."""
    return Connection.objects.filter(Q(low_id=user_id) | Q(high_id=user_id)).order_by("-id")


@dataclass(frozen=True, slots=True)
class Contact:
    """A row of a person's contact list; ``id`` is the connection's."""

    id: int
    user: User
    since: datetime
    online: bool | None
    last_seen: datetime | None
    chat_id: int | None


def contacts_of(user_id: int, before: int | None, limit: int) -> list[Contact]:
    """Up to ``limit`` contacts of connections older than the id ``before``, the newest first.

    Two queries, and one each of the chat and the presence look-up, whatever ``limit``.
    """
    rows = connections_of(user_id)
    if before is not None:
        rows = rows.filter(id__lt=before)
    connections = list(rows[:limit])
    ids = [connection.other_id(user_id) for connection in connections]
    users = User.objects.in_bulk(ids)
    chats = direct_chats(user_id, ids)
    presence = presences(user_id, ids)
    return [
        Contact(
            connection.pk,
            users[other_id],
            connection.since,
            *presence.get(other_id, (None, None)),
            chats.get(other_id),
        )
        for connection, other_id in zip(connections, ids, strict=True)
    ]


def connected_ids(user_id: int, among: Iterable[int] | None = None) -> set[int]:
    """The ids of the person's connections, of those in ``among`` if it is given."""
    rows = connections_of(user_id).order_by()
    if among is not None:
        others = list(among)
        rows = Connection.objects.filter(
            Q(low_id=user_id, high_id__in=others) | Q(high_id=user_id, low_id__in=others)
        )
    return {high if low == user_id else low for low, high in rows.values_list("low_id", "high_id")}


def are_connected(a: int, b: int) -> bool:
    """Whether two people are connected now."""
    return Connection.objects.filter(low_id=min(a, b), high_id=max(a, b)).exists()


def blocked_between(a: int, b: int) -> bool:
    """Whether either blocks the other."""
    return Block.objects.filter(
        Q(blocker_id=a, blocked_id=b) | Q(blocker_id=b, blocked_id=a)
    ).exists()


def blocked_either_way(user_id: int, among: Iterable[int]) -> set[int]:
    """Those of ``among`` who block the person or are blocked by them."""
    others = list(among)
    rows = Block.objects.filter(
        Q(blocker_id=user_id, blocked_id__in=others) | Q(blocked_id=user_id, blocker_id__in=others)
    ).values_list("blocker_id", "blocked_id")
    return {blocked if blocker == user_id else blocker for blocker, blocked in rows}


def blocks_of(user_id: int, before: int | None = None) -> QuerySet[Block]:
    """Whom the person blocks, the latest first, of blocks older than the id ``before``."""
    rows = Block.objects.filter(blocker_id=user_id).order_by("-id")
    return rows if before is None else rows.filter(id__lt=before)


def pending_requests(user_id: int) -> list[ConnectionRequest]:
    """Open requests to and from the person, the newest first (bounded by OPEN_REQUESTS_MAX)."""
    return list(
        ConnectionRequest.objects.filter(
            Q(scanner_id=user_id) | Q(owner_id=user_id),
            status=ConnectionRequest.Status.PENDING,
            expires_at__gt=now(),
        ).order_by("-id")
    )


def is_asking(a: int, b: int) -> bool:
    """Whether a request between the two is open, whoever asked."""
    return open_between(a, b).filter(expires_at__gt=now()).exists()


def have_met(a: int, b: int) -> bool:
    """Whether there ever was a request between the two that is still on record."""
    return ConnectionRequest.objects.filter(
        Q(scanner_id=a, owner_id=b) | Q(scanner_id=b, owner_id=a)
    ).exists()


def open_between(a: int, b: int) -> QuerySet[ConnectionRequest]:
    """The request between two people that is not closed yet (its time may be up): at most one."""
    return ConnectionRequest.objects.filter(
        Q(scanner_id=a, owner_id=b) | Q(scanner_id=b, owner_id=a),
        status=ConnectionRequest.Status.PENDING,
    )
