"""Whose export it is: nobody sees another's."""

from core.clock import now
from core.errors import NotFound
from core.ids import parse_id
from exports.models import Export


def newest_export(user_id: int) -> Export:
    """The person's newest export; raises NotFound for who has none."""
    export = Export.objects.filter(user_id=user_id).order_by("-created_at").first()
    if export is None or _is_over(export):
        raise export_not_found()
    return export


def ready_export(user_id: int, export_id: str) -> Export:
    """An export of the person's whose file is there; raises NotFound."""
    try:
        rows = Export.objects.filter(pk=parse_id(export_id), user_id=user_id)
    except NotFound as error:
        raise export_not_found() from error
    export = rows.filter(state=Export.State.READY).first()
    if export is None or _is_over(export):
        raise export_not_found()
    return export


def export_not_found() -> NotFound:
    """Absent, not ready, over, or not the caller's."""
    return NotFound("export_not_found", "There is no such export.")


def _is_over(export: Export) -> bool:
    return export.expires_at is not None and export.expires_at <= now()
