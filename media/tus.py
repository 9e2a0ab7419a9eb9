"""Resumable uploads: tus 1.0 (https://tus.io/protocols/resumable-upload) with the extensions
creation, creation-with-upload, expiration and termination.

The medium has the id of its upload, which the ``Location`` names.
"""

import base64
import binascii
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import http_date
from rest_framework.request import Request
from rest_framework.response import Response

from core.errors import AppError, Invalid, UnsupportedType
from core.http import ApiView, caller_id, no_content
from core.openapi import documented
from core.schema import parse
from media.actions import uploads
from media.actions.uploads import Description, Progress
from media.api import purpose_of
from media.incoming import body_of
from media.schemas import UploadForm

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,expiration,termination"
_PIECE = "application/offset+octet-stream"
_METADATA_MAX_CHARS = 4000


class WrongVersion(AppError):
    """412, of tus alone."""

    status = 412


class _TusView(ApiView):
    """Speaks tus: every request and answer names its version."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """After the caller's identity; raises WrongVersion ``tus_version``."""
        super().initial(request, *args, **kwargs)
        if request.method != "OPTIONS" and request.headers.get("Tus-Resumable") != VERSION:
            raise WrongVersion("tus_version", f"This server speaks tus {VERSION}.")

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        """Also refusals."""
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Tus-Resumable"] = VERSION
        response["Tus-Version"] = VERSION
        return response

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Response:
        """What this server can do."""
        response = no_content()
        response["Tus-Extension"] = EXTENSIONS
        response["Tus-Max-Size"] = str(settings.MEDIA_MAX_BYTES)
        return response


class UploadsView(_TusView):
    """``media/uploads/``."""

    @documented("Begin a resumable upload (tus)", status=201, errors=(408, 409, 412, 413, 415))
    def post(self, request: Request) -> Response:
        """Its length and metadata are in headers; the first piece may be in the body."""
        length = _number(request, "Upload-Length")
        form = parse(UploadForm, _metadata(request.headers.get("Upload-Metadata", "")))
        description = Description(form.filename, form.filetype, purpose_of(form))
        upload = uploads.begin(caller_id(request), length, description)
        progress = Progress(0, upload)
        if request.content_type == _PIECE:
            body = body_of(request)
            progress = uploads.append(upload, 0, body.file, body.size)
        response = _answer(progress, status=201)
        response["Location"] = f"/api/v1/media/uploads/{upload.pk}/"
        return response


class UploadView(_TusView):
    """``media/uploads/{id}/``."""

    @documented("How far an upload is (tus)", errors=(404, 412))
    def head(self, request: Request, upload_id: str) -> Response:
        """A finished one has arrived whole."""
        if medium := uploads.finished(caller_id(request), upload_id):
            length = offset = medium.blob.uploaded_size
        else:
            upload = uploads.get_upload(caller_id(request), upload_id)
            length, offset = upload.length, uploads.offset_of(upload)
        response = Response(status=200)
        response["Upload-Offset"] = str(offset)
        response["Upload-Length"] = str(length)
        response["Cache-Control"] = "no-store"
        return response

    @documented("Add a piece (tus)", status=204, errors=(404, 408, 409, 412, 413, 415))
    def patch(self, request: Request, upload_id: str) -> Response:
        """With the last piece the medium is made."""
        upload = uploads.get_upload(caller_id(request), upload_id)
        if request.content_type != _PIECE:
            raise UnsupportedType("unsupported_type", f"Send {_PIECE}.")
        offset = _number(request, "Upload-Offset")
        body = body_of(request)
        return _answer(uploads.append(upload, offset, body.file, body.size), status=204)

    @documented("End an upload (tus)", status=204, errors=(404, 412))
    def delete(self, request: Request, upload_id: str) -> Response:
        """What has arrived is removed."""
        uploads.end(uploads.get_upload(caller_id(request), upload_id))
        return no_content()


def _answer(progress: Progress, status: int) -> Response:
    response = Response(status=status)
    response["Upload-Offset"] = str(progress.offset)
    if progress.medium is None:
        response["Upload-Expires"] = http_date(progress.upload.expires_at.timestamp())
    return response


def _number(request: Request, header: str) -> int:
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdecimal() and len(text) <= 15):
        message = f"The header {header} has to be a number of bytes."
        raise Invalid("invalid", message, fields={header: [message]})
    return int(text)


def _metadata(header: str) -> dict[str, str]:
    """``Upload-Metadata``: names, each with a value in base64 or without one."""
    if len(header) > _METADATA_MAX_CHARS:
        raise _bad_metadata()
    found = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        name, _, value = pair.partition(" ")
        try:
            found[name] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, ValueError) as error:
            raise _bad_metadata() from error
    return found


def _bad_metadata() -> Invalid:
    message = "Names with values in base64, separated by commas."
    return Invalid("invalid", message, fields={"Upload-Metadata": [message]})
