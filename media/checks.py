"""Settings of media that cannot work."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register
def storage_is_complete(**kwargs: Any) -> list[CheckMessage]:
    """Errors for a storage that is none, and for a bucket without a name."""
    if settings.MEDIA_STORAGE not in {"disk", "s3"}:
        return [Error('MEDIA_STORAGE is "disk" or "s3".', id="media.E001")]
    if settings.MEDIA_STORAGE == "s3" and not settings.MEDIA_S3_BUCKET:
        return [Error("MEDIA_S3_BUCKET names no bucket.", id="media.E002")]
    return []
