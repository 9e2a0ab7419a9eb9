"""Multipart bodies: one file, streamed to the disk, and a few short fields."""

from collections.abc import Mapping
from typing import IO, Any, NamedTuple, cast

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from rest_framework.parsers import BaseParser

from core.errors import Invalid, TooLarge
from media import storage
from media.incoming import body_of


class Form(NamedTuple):
    """What a form brought: ``file`` is the part of that name; who takes the form closes it."""

    fields: dict[str, str]
    file: "UploadedFile[bytes]"


class FormParser(BaseParser):
    """Takes ``multipart/form-data`` with a part ``file``."""

    media_type = "multipart/form-data"

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """A Form; raises Invalid or TooLarge."""
        assert parser_context is not None
        request = parser_context["request"]
        body = body_of(request._request)
        meta = {**request.META, "CONTENT_TYPE": media_type, "CONTENT_LENGTH": str(body.size)}
        handler = _OneFile()
        try:
            parser = MultiPartParser(
                meta, cast(Any, body.file), [handler], request.encoding or "utf-8"
            )
            fields, files = parser.parse()
        except RequestDataTooBig as error:
            handler.close()
            raise TooLarge("body_too_large", "The fields of the form are too large.") from error
        except (MultiPartParserError, SuspiciousOperation) as error:
            handler.close()
            raise Invalid("invalid", "That is not a form with one file.") from error
        file = files.get("file")
        if not isinstance(file, UploadedFile):
            handler.close()
            raise file_required()
        return Form({name: str(fields[name]) for name in fields}, file)


def file_required() -> Invalid:
    """The refusal of a form without a file."""
    message = "A file is required."
    return Invalid("invalid", message, fields={"file": [message]})


class _OneFile(FileUploadHandler):
    """Writes the part ``file`` to the disk, and refuses other files."""

    _target: IO[bytes] | None = None

    def new_file(self, field_name: str, *args: Any, **kwargs: Any) -> None:
        """See Django."""
        super().new_file(field_name, *args, **kwargs)
        if field_name != "file" or self._target is not None:
            raise StopUpload(connection_reset=True)
        self._target = storage.nameless_file()

    def close(self) -> None:
        """Gives up what was written."""
        if self._target is not None:
            self._target.close()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """See Django."""
        assert self._target is not None
        self._target.write(raw_data)

    def file_complete(self, file_size: int) -> "UploadedFile[bytes]":
        """See Django."""
        assert self._target is not None
        self._target.seek(0)
        return UploadedFile(self._target, self.file_name, self.content_type, file_size)
