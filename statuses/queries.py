"""Reads of statuses: a fixed number of queries each."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import User
from accounts.payloads import people
from core.clock import now, rfc3339
from core.paging import Page, Place, page
from media.queries import payloads_of
from statuses.access import get_own_status, require_statuses, visible_to
from statuses.models import Status, View
from statuses.payloads import SharedStatus, StatusPayload, ViewPayload, shared_status

_TOLD = Q(views__user__read_receipts=True)


def list_statuses(user_id: int, place: Place) -> Page:
    """A page of what the person may see, the newest first."""
    require_statuses()
    after = place.ints(1)
    rows = visible_to(user_id).order_by("-pk")
    if after is not None:
        rows = rows.filter(pk__lt=after[0])
    found = list(_with_views(rows, user_id)[: place.limit + 1])
    payloads = {payload["id"]: payload for payload in _payloads(user_id, found)}
    return page(
        found,
        place,
        key=lambda status: [status.pk],
        payload=lambda status: payloads[str(status.pk)],
        users=people({status.user_id for status in found}),
    )


def status_answer(user_id: int, status_id: int) -> StatusPayload:
    """One status as the person, who may see it, sees it."""
    rows = _with_views(Status.objects.filter(pk=status_id), user_id)
    return _payloads(user_id, list(rows))[0]


def own_statuses(user_id: int) -> list[StatusPayload]:
    """All that the person shows now, the oldest first."""
    rows = Status.objects.filter(user_id=user_id, expires_at__gt=now()).order_by("pk")
    return _payloads(user_id, list(_with_views(rows, user_id)))


def shared(status: Status) -> SharedStatus:
    """One status, the same for everybody."""
    media = payloads_of([status.medium_id] if status.medium_id else [])
    return shared_status(status, media.get(status.medium_id or 0))


def list_views(user_id: int, status_id: str, place: Place) -> Page:
    """A page of who has looked at a status of one's own, the latest first.

    Who tells no receipts is left out, and who tells none is told none. Raises NotFound.
    """
    status = get_own_status(user_id, status_id)
    after = place.ints(1)
    rows = status.views.filter(user__read_receipts=True).order_by("-pk")
    if not User.objects.filter(pk=user_id, read_receipts=True).exists():
        rows = rows.none()
    if after is not None:
        rows = rows.filter(pk__lt=after[0])
    found = list(rows[: place.limit + 1])
    return page(
        found,
        place,
        key=lambda view: [view.pk],
        payload=_view_payload,
        users=people({view.user_id for view in found}),
    )


def media_shown_to(viewer_id: int, medium_ids: Collection[int]) -> set[int]:
    """Of some media those that a status shows to the viewer; for ``media.access``."""
    shown = visible_to(viewer_id).filter(medium_id__in=medium_ids)
    return {id for id in shown.values_list("medium_id", flat=True) if id is not None}


def _view_payload(view: View) -> ViewPayload:
    return {"user": str(view.user_id), "at": rfc3339(view.at)}


def _with_views(rows: QuerySet[Status], user_id: int) -> QuerySet[Any]:
    mine = View.objects.filter(status=OuterRef("pk"), user_id=user_id)
    return rows.annotate(is_viewed=Exists(mine), told_views=Count("views", filter=_TOLD))


def _payloads(user_id: int, rows: Sequence[Any]) -> list[StatusPayload]:
    media = payloads_of({row.medium_id for row in rows if row.medium_id})
    tells = User.objects.filter(pk=user_id, read_receipts=True).exists()
    return [
        {
            **shared_status(row, media.get(row.medium_id or 0)),
            "viewed": row.user_id == user_id or row.is_viewed,
            "views_count": (row.told_views if tells else 0) if row.user_id == user_id else None,
        }
        for row in rows
    ]
