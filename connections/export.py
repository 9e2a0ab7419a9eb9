"""What of connections people take along."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet

from accounts.export import Lines
from accounts.payloads import people
from connections.models import ConnectionRequest
from connections.payloads import block_payload, request_payload
from connections.queries import blocks_of, connections_of
from core.clock import rfc3339

ABOUT = """\
contacts.jsonl: the people you are connected with, and since when
requests.jsonl: requests to connect that are open or were closed lately
blocks.jsonl: whom you block"""

_ROWS = 500


def connections(user_id: int) -> Iterator[Lines]:
    """Contacts, requests in both directions, blocks."""
    yield Lines("contacts.jsonl", _contacts(user_id))
    requests = ConnectionRequest.objects.filter(Q(scanner_id=user_id) | Q(owner_id=user_id))
    yield Lines("requests.jsonl", map(request_payload, _each(requests.order_by("pk"))))
    yield Lines("blocks.jsonl", map(block_payload, _each(blocks_of(user_id))))


def _contacts(user_id: int) -> Iterator[Any]:
    for connection in _each(connections_of(user_id)):
        other = connection.other_id(user_id)
        yield {"user": people([other])[str(other)], "since": rfc3339(connection.since)}


def _each(rows: QuerySet[Any]) -> Iterator[Any]:
    return rows.iterator(chunk_size=_ROWS)
