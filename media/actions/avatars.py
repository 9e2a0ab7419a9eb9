"""The picture of a person. Who sees it is their privacy setting's to say."""

from collections.abc import Collection

from django.db import transaction

from accounts.access import lock_account, relation_of
from accounts.models import User
from accounts.privacy import allows
from accounts.profile import profile_changed
from media.actions.media import hold, release_one
from media.models import Blob, Hold, Medium

HOLDER = "avatar"


def set_avatar(user_id: int, medium: Medium) -> User:
    """Makes a medium of the user's their picture. The one before stays until this one is ready, and
    comes back if it is rejected.
    """
    with transaction.atomic():
        # First this one: who finishes decoding it comes before this or sees all of it.
        blob = Blob.objects.select_for_update(no_key=True).get(pk=medium.blob_id)
        user = lock_account(user_id)
        hold([medium.pk], HOLDER, user_id)
        user.avatar_id = medium.pk
        user.save(update_fields=["avatar_id"])
        if blob.state != Blob.State.PROCESSING:
            avatars_processed([medium.pk])
            user.refresh_from_db(fields=["avatar_id"])
    return user


def drop_avatar(user_id: int) -> None:
    """Takes the user's picture away."""
    with transaction.atomic():
        user = lock_account(user_id)
        if user.avatar_id is None:
            return
        user.avatar_id = None
        user.save(update_fields=["avatar_id"])
        _release_others(user_id, keep=None)
        profile_changed(user_id)


def avatars_processed(medium_ids: Collection[int]) -> None:
    """Lets go of the pictures before these, or of these if they were rejected."""
    holds = Hold.objects.filter(medium_id__in=medium_ids, kind=HOLDER)
    for medium_id, user_id in holds.order_by("holder_id").values_list("medium_id", "holder_id"):
        _avatar_processed(medium_id, user_id)


def _avatar_processed(medium_id: int, user_id: int) -> None:
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    if user.avatar_id != medium_id:  # replaced before it was ready
        return
    if Blob.objects.get(media=medium_id).state == Blob.State.REJECTED:
        before = (
            Hold.objects.filter(kind=HOLDER, holder_id=user_id, medium__blob__state="ready")
            .order_by("-pk")
            .values_list("medium_id", flat=True)
            .first()
        )
        user.avatar_id = before
        user.save(update_fields=["avatar_id"])
    _release_others(user_id, keep=user.avatar_id)
    # Only now others can open it; and who met the path of a rejected one hears that it is gone.
    profile_changed(user_id)


def sees_avatars(viewer_id: int, medium_ids: Collection[int]) -> set[int]:
    """Those of ``medium_ids`` that are pictures of people who show them to the viewer."""
    holders = Hold.objects.filter(medium_id__in=medium_ids, kind=HOLDER).values("holder_id")
    people = User.objects.filter(pk__in=holders).only("avatar_id", "privacy_avatar")
    return {
        user.avatar_id
        for user in people
        if user.avatar_id and allows(user.privacy_avatar, relation_of(viewer_id, user.pk))
    }


def _release_others(user_id: int, keep: int | None) -> None:
    holds = Hold.objects.filter(kind=HOLDER, holder_id=user_id)
    if keep is not None:
        holds = holds.exclude(medium_id=keep)
    for medium_id in list(holds.order_by("medium_id").values_list("medium_id", flat=True)):
        release_one(medium_id, HOLDER, user_id)
