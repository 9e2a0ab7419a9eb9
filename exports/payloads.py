"""How an export looks in JSON."""

from typing import TypedDict

from core.clock import rfc3339, rfc3339_or_none
from exports.models import Export

_MESSAGES = {
    Export.Reason.DISK_FULL: "There was no room for it on the server. Try again later.",
    Export.Reason.FAILED: "It could not be made. Try again.",
}


class ExportPayload(TypedDict):
    """An export; ``url`` and ``size`` once it is ready, ``reason`` and ``message`` if it failed."""

    id: str
    state: str
    progress: float
    created_at: str
    expires_at: str | None
    size: int | None
    url: str | None
    reason: str | None
    message: str | None


def export_payload(export: Export) -> ExportPayload:
    """An export, as its owner sees it."""
    is_ready = export.state == Export.State.READY
    return {
        "id": str(export.pk),
        "state": export.state,
        "progress": round(export.progress, 3),
        "created_at": rfc3339(export.created_at),
        "expires_at": rfc3339_or_none(export.expires_at),
        "size": export.size,
        "url": f"/media/exports/{export.pk}/{file_name(export)}" if is_ready else None,
        "reason": export.reason or None,
        "message": _MESSAGES[Export.Reason(export.reason)] if export.reason else None,
    }


def file_name(export: Export) -> str:
    """What a browser calls the file."""
    return f"export-{export.created_at:%Y-%m-%d}.zip"
