"""What of statuses people take along."""

from collections.abc import Iterator
from typing import Any

from accounts.export import Lines
from core.clock import now, rfc3339
from statuses.models import SwitchedOff, View
from statuses.queries import own_statuses

ABOUT = """\
statuses.jsonl: what you show at the moment
statuses-viewed.jsonl: which statuses of others you have looked at
statuses-settings.json: whether you want statuses"""


def statuses(user_id: int) -> Iterator[Lines]:
    """What is shown, what was looked at, and the setting."""
    yield Lines("statuses.jsonl", own_statuses(user_id))
    yield Lines("statuses-viewed.jsonl", _viewed(user_id))
    yield Lines("statuses-settings.json", _settings(user_id))


def _viewed(user_id: int) -> Iterator[Any]:
    views = View.objects.filter(user_id=user_id, status__expires_at__gt=now()).order_by("pk")
    for view in views.iterator(chunk_size=500):
        yield {"status": str(view.status_id), "at": rfc3339(view.at)}


def _settings(user_id: int) -> Iterator[Any]:
    yield {"enabled": not SwitchedOff.objects.filter(user_id=user_id).exists()}
