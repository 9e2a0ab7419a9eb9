"""Input shapes."""

from typing import Annotated

import msgspec

from core.schema import Input

IDS_MAX = 100


class PresenceQuery(Input):
    """``?user=…&user=…``"""

    user: Annotated[list[str], msgspec.Meta(max_length=IDS_MAX)]


class ActiveInput(Input):
    """Whether a person looks at the client behind this socket."""

    active: bool
