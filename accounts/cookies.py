"""The tokens of a browser: in cookies no script can read and no other site can use.

The refresh token for ``auth/``, and the access token for the files of ``/media/``, which pages load
without saying who asks.
"""

from django.conf import settings
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.tokens import Pair
from core.errors import Forbidden
from core.origins import is_allowed_origin

NAME = "refresh"
PATH = "/api/v1/auth/"
MEDIA_NAME = "media"
MEDIA_PATH = "/media/"


def put(response: Response, pair: Pair) -> None:
    """Sets the cookies, each for the life of its token."""
    for name, token, path, seconds in (
        (NAME, pair.refresh, PATH, settings.REFRESH_LIFETIME),
        (MEDIA_NAME, pair.access, MEDIA_PATH, settings.ACCESS_TOKEN_LIFETIME),
    ):
        response.set_cookie(
            name,
            token,
            max_age=seconds,
            path=path,
            secure=settings.PRODUCTION,
            httponly=True,
            samesite="Strict",
        )


def drop(response: Response) -> None:
    """Removes the cookies."""
    response.delete_cookie(NAME, path=PATH, samesite="Strict")
    response.delete_cookie(MEDIA_NAME, path=MEDIA_PATH, samesite="Strict")


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
