"""Input shapes."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from core.schema import Input

IdentifierText = Annotated[str, Meta(min_length=1, max_length=320)]
Username = Annotated[str, Meta(max_length=64)]
Password = Annotated[str, Meta(min_length=1, max_length=256)]
AudienceName = Literal["everyone", "connections", "nobody"]


class DeviceInput(Input):
    """How a device calls itself in its owner's list."""

    name: Annotated[str, Meta(max_length=100)] = ""
    platform: Annotated[str, Meta(max_length=50)] = ""


class RequestCode(Input):
    """``POST auth/otp/request/``."""

    identifier: IdentifierText


class VerifyCode(Input):
    """``POST auth/otp/verify/``."""

    identifier: IdentifierText
    code: Annotated[str, Meta(min_length=1, max_length=32)]
    device: DeviceInput | None = None
    cookie: bool = False


class Register(Input):
    """``POST auth/register/``."""

    username: Username
    password: Password
    email: IdentifierText | None = None
    phone: IdentifierText | None = None
    device: DeviceInput | None = None
    cookie: bool = False


class Login(Input):
    """``POST auth/login/``: ``identifier`` is a user name, a proven email or a proven phone."""

    identifier: IdentifierText
    password: Password
    device: DeviceInput | None = None
    cookie: bool = False


class ChangePassword(Input):
    """``POST auth/password/``."""

    new: Password
    current: Password | None = None


class Refresh(Input):
    """``POST auth/token/refresh/`` and ``auth/logout/``; absent: the cookie's."""

    refresh: Annotated[str, Meta(max_length=200)] | None = None


class PatchProfile(Input):
    """``PATCH users/me/``: what is absent stays."""

    username: Username | UnsetType = UNSET
    name: Annotated[str, Meta(max_length=64)] | UnsetType = UNSET
    about: Annotated[str, Meta(max_length=300)] | UnsetType = UNSET


class PatchPrivacy(Input):
    """``PATCH users/me/privacy/``: what is absent stays."""

    last_seen: AudienceName | UnsetType = UNSET
    online: AudienceName | UnsetType = UNSET
    avatar: AudienceName | UnsetType = UNSET
    about: AudienceName | UnsetType = UNSET
    statuses: AudienceName | UnsetType = UNSET
    read_receipts: bool | UnsetType = UNSET
    typing: bool | UnsetType = UNSET
