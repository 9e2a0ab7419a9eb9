"""Invites to groups."""

from typing import Annotated

import msgspec
from django.conf import settings

from core.schema import Input

Seconds = Annotated[int, msgspec.Meta(ge=1, le=settings.INVITE_LIFETIME_MAX)]
Uses = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]


class NewInvite(Input):
    """A code; without ``expires_in`` (seconds) and ``max_uses`` it works until it is revoked."""

    expires_in: Seconds | None = None
    max_uses: Uses | None = None
    approval: bool = False


class RevokeInvite(Input):
    """Whether those whom the code has let in are removed too."""

    remove_members: bool = False


class Join(Input):
    """The text behind ``#/j/`` in a group's QR code."""

    token: Annotated[str, msgspec.Meta(max_length=200)]
