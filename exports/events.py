"""What is pushed about exports."""

from typing import TypedDict

from exports.payloads import ExportPayload
from realtime.registry import event


@event("export:updated")
class ExportUpdated(TypedDict):
    """To its owner: an export goes on, is ready or failed. It takes no place in a log: who missed
    it asks ``GET users/me/export/``.
    """

    export: ExportPayload
