"""The HTTP door: asking for an export, and the file itself."""

from functools import partial

from django.http import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from core.http import ApiView, accepted, caller_id, ok
from core.openapi import documented
from exports import storage
from exports.access import export_not_found, newest_export, ready_export
from exports.actions import start_export
from exports.payloads import ExportPayload, export_payload, file_name
from media.files import BytesView, Sent


class ExportView(ApiView):
    """``users/me/export/``."""

    @documented("My newest export", response=ExportPayload, errors=(404,))
    def get(self, request: Request) -> Response:
        """404 for who has none."""
        return ok(export_payload(newest_export(caller_id(request))))

    @documented("Ask for all my data", response=ExportPayload, status=202)
    def post(self, request: Request) -> Response:
        """200 with the one that is under way, if there is one."""
        export, is_new = start_export(caller_id(request))
        return (accepted if is_new else ok)(export_payload(export))


class ExportFileView(BytesView):
    """``/media/exports/{id}/{name}``: for its owner alone."""

    def get(self, request: Request, export_id: str, name: str) -> HttpResponseBase:
        """The archive."""
        export = ready_export(caller_id(request), export_id)
        file = Sent(
            open=partial(storage.open_file, export.pk),
            etag=f'"{export.pk}"',
            mime="application/zip",
            name=file_name(export),
        )
        try:
            return file.answer(request)
        except FileNotFoundError as error:  # removed in this moment
            raise export_not_found() from error
