"""Input shapes."""

from typing import Annotated, Literal

from msgspec import Meta

from core.schema import Input


class UploadForm(Input):
    """What stands beside ``file`` in a form, or in the metadata of a resumable upload."""

    kind: Literal["", "image", "video", "audio", "voice", "file"] = ""
    filename: Annotated[str, Meta(max_length=1000)] = ""
    filetype: Annotated[str, Meta(max_length=200)] = ""
