"""``/media/``: the bytes. Access is checked at every use; a browser says who asks by a cookie."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from typing import IO, Any, NamedTuple

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.http.response import HttpResponseRedirectBase
from django.utils.http import content_disposition_header
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from accounts.authentication import MediaAuthentication
from core.http import ApiView, caller_id
from media import storage
from media.access import get_medium, media_not_found
from media.models import Blob, Medium
from media.sniff import named_as
from media.storage import Part

_CHUNK_BYTES = 256 * 1024
_RANGE = re.compile(r"bytes=(\d{0,19})-(\d{0,19})\Z", re.ASCII)


class BytesView(ApiView):
    """Base of what gives files to browsers too: they say who asks by a cookie."""

    authentication_classes = (MediaAuthentication,)
    renderer_classes = (JSONRenderer,)
    schema = None

    def get_content_negotiator(self) -> BaseContentNegotiation:
        """Errors are JSON, whatever an ``<img>`` accepts."""
        return _AlwaysFirst()


class FileView(BytesView):
    """``/media/{id}/{name}``: the name is for people, the id says which."""

    def get(self, request: Request, medium_id: str, name: str) -> HttpResponseBase:
        """The file itself."""
        return self._answer(request, medium_id)

    def _answer(
        self, request: Request, medium_id: str, part: Part | None = None
    ) -> HttpResponseBase:
        medium = get_medium(caller_id(request), medium_id)
        if medium.blob.state != Blob.State.READY or (part and not medium.blob.thumbnail_size):
            raise media_not_found()
        return served(request, medium, part or storage.served_part(medium.blob))


class ThumbnailView(FileView):
    """``/media/{id}/thumbnail/{name}``."""

    def get(self, request: Request, medium_id: str, name: str) -> HttpResponseBase:
        """The small picture."""
        return self._answer(request, medium_id, "thumbnail")


class _AlwaysFirst(BaseContentNegotiation):
    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class _Found(HttpResponseRedirectBase):
    """To where the bucket is; the link in it is not to be kept."""

    status_code = 302


class _Slice(StreamingHttpResponse):
    """A part of an open file, read in a thread chunk by chunk."""

    def __init__(self, file: IO[bytes], begin: int, end: int, **how: Any) -> None:
        file.seek(begin)
        self._file, self._left = file, end - begin
        super().__init__(self._chunks(), **how)
        self._resource_closers.append(file.close)  # type: ignore[attr-defined]  # Django's own way

    def _read(self) -> bytes:
        chunk = self._file.read(min(_CHUNK_BYTES, self._left))
        self._left -= len(chunk)
        return chunk

    def _chunks(self) -> Iterator[bytes]:
        while chunk := self._read():
            yield chunk

    async def __aiter__(self) -> AsyncIterator[bytes]:
        # Django's own would read all of it into memory.
        while chunk := await asyncio.to_thread(self._read):
            yield chunk


class Sent(NamedTuple):
    """A file of this machine on its way to a browser; ``open`` raises FileNotFoundError."""

    open: Callable[[], IO[bytes]]
    etag: str
    mime: str
    name: str
    #: In the page, instead of being saved.
    is_shown: bool = False

    def answer(self, request: Request | HttpRequest) -> HttpResponseBase:
        """All of it, the part that is asked for, or that it has not changed; only the page that
        asked may use it, and nothing in it may run.
        """
        response = self._bytes(request)
        if response.status_code in {200, 206}:
            response["Content-Type"] = self.mime
            response["Content-Disposition"] = self.disposition()
        response["Accept-Ranges"] = "bytes"
        # Kept by the browser of whoever could open it, and asked for again at each use.
        response["Cache-Control"] = "private, no-cache"
        response["ETag"] = self.etag
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        response["X-Content-Type-Options"] = "nosniff"
        return response

    def disposition(self) -> str:
        """Whether to show or to save it, and under which name."""
        return content_disposition_header(not self.is_shown, self.name) or "inline"

    def _bytes(self, request: Request | HttpRequest) -> HttpResponseBase:
        if self.etag in request.headers.get("If-None-Match", ""):
            return HttpResponse(status=304)
        file = self.open()
        size = file.seek(0, 2)
        asked = request.headers.get("Range", "")
        if request.headers.get("If-Range", self.etag) != self.etag:
            asked = ""
        match = _RANGE.match(asked)
        if request.method == "HEAD" or match is None or match[1] == match[2] == "":
            whole = _Slice(file, 0, 0 if request.method == "HEAD" else size)
            whole["Content-Length"] = str(size)
            return whole
        begin, end = _bounds(match, size)
        if begin >= end:
            file.close()
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
        some = _Slice(file, begin, end, status=206)
        some["Content-Length"] = str(end - begin)
        some["Content-Range"] = f"bytes {begin}-{end - 1}/{size}"
        return some


def served(request: Request | HttpRequest, medium: Medium, part: Part) -> HttpResponseBase:
    """A part of a medium that is ready, for whom the caller has found may open it."""
    blob = medium.blob
    is_shown = part == "thumbnail" or blob.kind != Blob.Kind.FILE
    mime = "image/webp" if part == "thumbnail" else blob.mime
    own_name = named_as(medium.name, blob.kind, blob.mime)
    file = Sent(
        open=partial(storage.open_part, blob.pk, part),
        etag=f'"{blob.pk}-{part}"',
        mime=mime if is_shown else "application/octet-stream",
        name="thumbnail.webp" if part == "thumbnail" else own_name,
        is_shown=is_shown,
    )
    if not storage.is_local():
        link = storage.link(blob.pk, part, mime=file.mime, disposition=file.disposition())
        response = _Found(link)
        response["Cache-Control"] = "no-store"
        return response
    try:
        return file.answer(request)
    except FileNotFoundError as error:  # deleted in this moment
        raise media_not_found() from error


def _bounds(match: "re.Match[str]", size: int) -> tuple[int, int]:
    """The bytes a Range header asks for, the end excluded."""
    first, last = match[1], match[2]
    if not first:
        return max(0, size - int(last)), size
    return int(first), min(size, int(last) + 1) if last else size
