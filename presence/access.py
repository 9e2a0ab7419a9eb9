"""Who may know whether somebody is online, and when they last were.

"everyone" is whom the person shares a connection or a group with. Whoever shows something to
nobody does not see it of others either. A block between two hides both from each other.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from accounts.models import Audience, User
from connections.queries import blocked_either_way, connected_ids

#: (viewer id, ids) -> those of ``ids`` who share a group with the viewer.
GroupLookup = Callable[[int, Sequence[int]], set[int]]

_group_lookup: GroupLookup | None = None


def register_group_lookup(lookup: GroupLookup) -> None:
    """The chat app tells who shares a group; this app may not import it."""
    global _group_lookup
    _group_lookup = lookup


class Allowed(NamedTuple):
    """What a viewer may know of one person."""

    online: bool
    last_seen: bool


def shown_to_connection(audience: str, viewer_audience: str) -> bool:
    """Whether a setting shows something to a connection whose own setting is the second."""
    return Audience.NOBODY not in (audience, viewer_audience)


def allowed(viewer_id: int, users: Iterable[User]) -> dict[int, Allowed]:
    """What the viewer may know of each of ``users``, who include the viewer.

    Two queries, and the one of the group look-up when somebody is not connected.
    """
    by_id = {user.pk: user for user in users}
    viewer = by_id[viewer_id]
    others = [user_id for user_id in by_id if user_id != viewer_id]
    connected = connected_ids(viewer_id, others)
    blocked = blocked_either_way(viewer_id, others)
    rest = [user_id for user_id in others if user_id not in connected]
    grouped = _group_lookup(viewer_id, rest) if _group_lookup and rest else set()

    def shows(user: User, audience: str, viewer_audience: str) -> bool:
        if user.pk in blocked or viewer_audience == Audience.NOBODY:
            return False
        if user.pk in connected:
            return shown_to_connection(audience, viewer_audience)
        return user.pk in grouped and audience == Audience.EVERYONE

    answer = {
        user_id: Allowed(
            shows(by_id[user_id], by_id[user_id].privacy_online, viewer.privacy_online),
            shows(by_id[user_id], by_id[user_id].privacy_last_seen, viewer.privacy_last_seen),
        )
        for user_id in others
    }
    answer[viewer_id] = Allowed(True, True)
    return answer
