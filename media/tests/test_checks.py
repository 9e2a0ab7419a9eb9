"""Settings that cannot work."""

import pytest
from pytest_django import Settings

from media.checks import storage_is_complete


@pytest.mark.parametrize(
    ("kind", "bucket", "found"),
    [
        ("disk", "", []),
        ("s3", "files", []),
        ("s3", "", ["media.E002"]),
        ("S3", "files", ["media.E001"]),
    ],
)
def test_the_storage(settings: Settings, kind: str, bucket: str, found: list[str]) -> None:
    settings.MEDIA_STORAGE, settings.MEDIA_S3_BUCKET = kind, bucket
    assert [error.id for error in storage_is_complete()] == found
