"""The refresh token of a browser: in a cookie no script can read and no other site can use."""

from django.conf import settings
from rest_framework.request import Request
from rest_framework.response import Response

from core.errors import Forbidden
from core.origins import is_allowed_origin

NAME = "refresh"
PATH = "/api/v1/auth/"


def put(response: Response, refresh: str) -> None:
    """Sets the cookie for the life of the token."""
    response.set_cookie(
        NAME,
        refresh,
        max_age=settings.REFRESH_LIFETIME,
        path=PATH,
        secure=settings.PRODUCTION,
        httponly=True,
        samesite="Strict",
    )


def drop(response: Response) -> None:
    """Removes the cookie."""
    response.delete_cookie(NAME, path=PATH, samesite="Strict")


def take(request: Request) -> str | None:
    """The refresh token of the cookie, None without one.

    Raises Forbidden ``origin_refused`` unless a page of an allowed origin asks: the cookie would
    otherwise act for any page its holder visits.
    """
    refresh = request.COOKIES.get(NAME)
    if not refresh:
        return None
    origin = request.headers.get("Origin", "")
    if not is_allowed_origin(origin, request.get_host()):
        raise Forbidden("origin_refused", "Pages of this origin may not use the cookie.")
    return refresh
