"""Groups: making one, changing it, its members."""

from typing import Annotated, Literal

import msgspec
from django.conf import settings
from msgspec import UNSET, UnsetType

from chat.schemas.chats import OpenChat
from core.schema import ClientId, Input

GroupName = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
Description = Annotated[str, msgspec.Meta(max_length=512)]
Who = Literal["all", "admins"]
Lifetime = Annotated[
    int,
    msgspec.Meta(ge=settings.DISAPPEAR_MIN_SECONDS, le=settings.DISAPPEAR_MAX_SECONDS),
]


class NewGroup(Input, tag_field="kind", tag="group"):
    """A group with some of one's connections; whoever makes it is its owner."""

    name: GroupName
    members: Annotated[tuple[str, ...], msgspec.Meta(max_length=settings.GROUP_MEMBERS_MAX)]
    description: Description = ""
    client_id: ClientId | None = None


#: The two bodies of ``POST chats/``, told apart by ``kind``.
NewChat: type[OpenChat | NewGroup] = OpenChat | NewGroup  # type: ignore[assignment]  # msgspec takes unions where it takes types


class ChangePermissions(Input):
    """Who may do what; what is absent stays."""

    post: Who | UnsetType = UNSET
    edit_info: Who | UnsetType = UNSET
    invite: Who | UnsetType = UNSET
    history: Literal["all", "joined"] | UnsetType = UNSET


class ChangeChat(Input):
    """What all members of a chat share; what is absent stays.

    ``disappear_after``, in seconds, or null: messages sent from now on stay.
    """

    name: GroupName | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    permissions: ChangePermissions | UnsetType = UNSET
    disappear_after: Lifetime | UnsetType | None = UNSET


class AddMembers(Input):
    """One connection of the caller's, or several."""

    user: str | None = None
    users: Annotated[tuple[str, ...], msgspec.Meta(max_length=settings.GROUP_ADD_MAX)] | None = None


class SetRole(Input):
    """``owner`` passes the group on: the caller becomes an admin."""

    role: Literal["owner", "admin", "member"]
