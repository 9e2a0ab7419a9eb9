"""Request bodies. Apart from core.http, which DRF cannot import while it loads its settings."""

from collections.abc import Mapping
from typing import IO, Any

import msgspec
from django.conf import settings
from rest_framework.parsers import BaseParser

from core.errors import TooLarge
from core.schema import decode

_any = msgspec.json.Decoder()


class JSONParser(BaseParser):
    """JSON bodies, bounded by HTTP_BODY_MAX_BYTES, with what PostgreSQL cannot store refused."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The decoded body; raises Invalid or TooLarge."""
        raw = stream.read(settings.HTTP_BODY_MAX_BYTES + 1)
        if len(raw) > settings.HTTP_BODY_MAX_BYTES:
            raise TooLarge("body_too_large", f"At most {settings.HTTP_BODY_MAX_BYTES} bytes.")
        return decode(raw, _any) if raw.strip() else {}
