"""Who a request comes from: the bearer token for clients, a counted password for the admin."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from accounts.cookies import MEDIA_NAME
from accounts.limits import network_of
from accounts.models import User
from accounts.passwords import check_credentials
from accounts.suspensions import may_enter
from accounts.tokens import device_of, live_device
from core.address import client_ip
from core.errors import RateLimited, Unauthenticated
from realtime.session import Session

#: Where the ASGI scope holds the session of a request whose token was checked when it began: it may
#: have run out while a large body was on its way.
SESSION_KEY = "chatproject.session"


class BearerAuthentication(BaseAuthentication):
    """``Authorization: Bearer <access>``: signature, device and user checked at every request."""

    def authenticate(self, request: Request) -> tuple[User, Session] | None:
        """The user and the session, in one query; None without a bearer token."""
        begun = getattr(request, "scope", {}).get(SESSION_KEY)
        if isinstance(begun, Session):
            return live_device(begun.device_id, begun.user_id).user, begun
        token = self.token_of(request)
        if token is None:
            return None
        try:
            device, expires_at = device_of(token)
        except Unauthenticated:
            # Else rendering the refusal as a web page would ask who this is once more.
            request._not_authenticated()  # type: ignore[attr-defined]  # private to DRF
            raise
        return device.user, Session(device.user_id, device.pk, expires_at)

    def token_of(self, request: Request) -> str | None:
        """The access token of a request, None without one."""
        return bearer_of(request)

    def authenticate_header(self, request: Request) -> str:
        """Makes DRF answer 401, not 403."""
        return "Bearer"


class MediaAuthentication(BearerAuthentication):
    """The same, or in a browser the cookie that it sends for ``/media/`` alone."""

    def token_of(self, request: Request) -> str | None:
        """The header's before the cookie's."""
        return bearer_of(request) or request.COOKIES.get(MEDIA_NAME)


def bearer_of(request: Request) -> str | None:
    """The token of the Authorization header, if it is a bearer's."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


class CountedPasswordBackend(ModelBackend):
    """Django's sessions (admin, browsable API) with the same counting of wrong passwords."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,  # Django's signature
    ) -> User | None:
        """The active user of these credentials; refuses all of them beyond the limit."""
        if username is None or password is None:
            return None
        network = network_of(client_ip(request)) if request else "unknown"
        try:
            user = check_credentials(username, password, network=network)
        except RateLimited as error:
            raise PermissionDenied from error
        return user if user is not None and may_enter(user) else None
