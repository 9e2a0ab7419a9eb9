"""Whose presence a viewer may ask for, and what they get to know.

What a relation lets the viewer see is ``accounts.privacy``'s to say. On top of it, whoever shows
something to nobody does not see it of others; and a block between two hides both from each other,
even where they share a group.
"""

from collections.abc import Callable, Collection, Iterable, Sequence

from accounts.access import relation_of
from accounts.models import Audience
from accounts.privacy import Relation, allows
from connections.queries import blocked_either_way, connected_ids
from core.errors import NotFound
from core.ids import parse_id

#: (viewer id, ids) -> those of ``ids`` who share a group with the viewer.
GroupLookup = Callable[[int, Sequence[int]], Collection[int]]

_group_lookup: GroupLookup | None = None


def register_group_lookup(lookup: GroupLookup) -> None:
    """The chat app tells who shares a group; this app may not import it."""
    global _group_lookup
    _group_lookup = lookup


def relations(viewer_id: int, ids: Collection[int]) -> dict[int, Relation]:
    """How close the viewer is to each of ``ids``, as far as presence goes; others are left out.

    Two queries, and the one of the group look-up when somebody is not connected.
    """
    connected = connected_ids(viewer_id, ids)
    rest = [user_id for user_id in ids if user_id not in connected]
    found = dict.fromkeys(connected, Relation.CONNECTED)
    if rest and _group_lookup:
        grouped = _group_lookup(viewer_id, rest)
        found |= dict.fromkeys(grouped, Relation.GROUP)
    for user_id in blocked_either_way(viewer_id, ids):
        found.pop(user_id, None)
    if viewer_id in ids:
        found[viewer_id] = Relation.SELF
    return found


def shows(audience: str, viewers_own: str, relation: Relation) -> bool:
    """Whether a setting of somebody's shows a thing to a viewer whose own setting is the second."""
    if relation is not Relation.SELF and viewers_own == Audience.NOBODY:
        return False
    return allows(audience, relation)


def visible_ids(viewer_id: int, texts: Iterable[str]) -> list[int]:
    """Ids that clients sent, each once; NotFound if the viewer may not see one of the people."""
    ids = list(dict.fromkeys(parse_id(text) for text in texts))
    close = relations(viewer_id, ids)
    for user_id in ids:
        if user_id not in close and relation_of(viewer_id, user_id) is Relation.STRANGER:
            raise NotFound
    return ids
