"""Who may look at whom. The apps above say what brings two people together."""

from collections.abc import Callable

from accounts.models import User
from accounts.privacy import Relation
from core.errors import NotFound, Unauthenticated

#: ``fn(viewer_id, user_id)``: whether there is such a relation between the two now.
Sees = Callable[[int, int], bool]

_ties: list[tuple[Relation, Sees]] = []


def register_visibility(sees: Sees, relation: Relation = Relation.KNOWN) -> Sees:
    """Registers a way for people to see each other, and how close it makes them."""
    _ties.append((relation, sees))
    _ties.sort(key=lambda tie: -tie[0])
    return sees


def relation_of(viewer_id: int, user_id: int) -> Relation:
    """The closest relation between two people."""
    if viewer_id == user_id:
        return Relation.SELF
    for relation, sees in _ties:
        if sees(viewer_id, user_id):
            return relation
    return Relation.STRANGER


def get_visible_user(viewer: User, user_id: int) -> tuple[User, Relation]:
    """Someone the viewer may see, and how close the two are; NotFound for everyone else."""
    relation = relation_of(viewer.pk, user_id)
    if relation is Relation.STRANGER:
        raise NotFound
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise NotFound
    return user, relation


def lock_account(user_id: int) -> User:
    """The caller's own account, its row locked until the transaction ends.

    Raises Unauthenticated for one that was suspended or erased since the request came in.
    """
    user = User.objects.select_for_update(no_key=True).filter(pk=user_id, is_active=True).first()
    if user is None:
        raise Unauthenticated("device_revoked", "This device is signed out.")
    return user
