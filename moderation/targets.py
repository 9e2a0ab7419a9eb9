"""What can be reported: each kind says how the reporter sees it, and how staff delete it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from core.errors import Invalid, NotFound
from moderation.models import Report
from moderation.schemas import MakeReport


@dataclass(frozen=True, slots=True)
class Target:
    """Something a reporter sees, as it is now.

    ``evidence`` holds nothing that they do not see; ``people`` are those whose names or words stand
    in it.
    """

    kind: str
    id: str
    evidence: dict[str, Any]
    people: frozenset[int]
    user_id: int | None = None
    chat_id: int | None = None
    seq: int | None = None


#: ``fn(reporter, named)`` answers what was named, or raises NotFound.
Look = Callable[[User, MakeReport], Target]
#: ``fn(report)`` deletes what was reported, in the transaction that resolves the report.
Remove = Callable[[Report], None]

_KEPT_OF_FILES = ("id", "kind", "mime", "name", "size")

_looks: dict[str, Look] = {}
_removes: dict[str, Remove] = {}


def register_target(kind: str, look: Look, remove: Remove | None = None) -> None:
    """Registers a kind of things to report; ``remove`` where staff can delete one."""
    _looks[kind] = look
    if remove is not None:
        _removes[kind] = remove


def target_of(reporter: User, named: MakeReport) -> Target:
    """What the reporter means, with the evidence of this moment.

    Raises NotFound for what they do not see, Invalid unless exactly one thing is named.
    """
    kinds = [
        kind
        for kind, is_named in (
            (Report.Kind.USER, named.user is not None),
            (Report.Kind.STATUS, named.status is not None),
            (Report.Kind.MESSAGE, named.chat is not None and named.seq is not None),
            (Report.Kind.GROUP, named.chat is not None and named.seq is None),
        )
        if is_named
    ]
    if len(kinds) != 1:
        raise Invalid("invalid", "Name one: user, chat and seq, chat of a group, or status.")
    look = _looks.get(kinds[0])
    if look is None:
        raise NotFound
    return look(reporter, named)


def can_remove(kind: str) -> bool:
    """Whether staff can delete things of this kind."""
    return kind in _removes


def remove(report: Report) -> None:
    """Deletes what was reported; raises what its kind does when that is gone already."""
    _removes[report.kind](report)


def cut_files(media: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Files as they stand in evidence: what they are, not the way to them."""
    return [{name: one.get(name) for name in _KEPT_OF_FILES} for one in media]


def files_of(evidence: Mapping[str, Any]) -> set[int]:
    """The media that stand in evidence."""
    parts = [evidence.get("message"), evidence.get("status"), *evidence.get("before", ())]
    return {int(one["id"]) for part in parts if part for one in part["attachments"]}


def own_report() -> Invalid:
    """Staff need not be told about oneself."""
    return Invalid("own_report", "You cannot report yourself.")
