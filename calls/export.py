"""What of calls people take along."""

from collections.abc import Iterator
from typing import Any

from accounts.export import Lines
from calls.models import Call, Participant
from calls.queries import call_payloads

ABOUT = "calls.jsonl: the calls you were in"

_ROWS = 500


def calls(user_id: int) -> Iterator[Lines]:
    """All calls of the person, also in chats that they have left."""
    yield Lines("calls.jsonl", _calls(user_id))


def _calls(user_id: int) -> Iterator[Any]:
    mine = Participant.objects.filter(user_id=user_id).order_by("pk")
    ids = list(mine.values_list("call_id", flat=True))
    for begin in range(0, len(ids), _ROWS):
        some = Call.objects.filter(pk__in=ids[begin : begin + _ROWS]).order_by("pk")
        yield from call_payloads(list(some))
