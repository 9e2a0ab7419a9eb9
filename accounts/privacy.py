"""Who may see what of whom. One place for the rule; the apps above ask here too."""

from enum import IntEnum

from accounts.models import Audience


class Relation(IntEnum):
    """How close a viewer is to someone, the closest last."""

    STRANGER = 0
    #: An open request between the two, or a direct chat of theirs that is closed.
    KNOWN = 1
    #: They share a group.
    GROUP = 2
    CONNECTED = 3
    SELF = 4


def allows(audience: str, relation: Relation) -> bool:
    """Whether a setting of someone's lets a viewer of this relation see the thing."""
    if relation is Relation.SELF:
        return True
    match audience:
        case Audience.EVERYONE:
            return relation >= Relation.GROUP
        case Audience.CONNECTIONS:
            return relation >= Relation.CONNECTED
        case _:
            return False
