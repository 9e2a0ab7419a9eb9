"""The HTTP edge: the view base class, JSON in and out, and the one place that renders errors."""

import errno
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, TypeVar

import structlog
from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import OperationalError
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.parsers import BaseParser
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, set_rollback

from core.address import client_ip
from core.errors import (
    AppError,
    Forbidden,
    Invalid,
    NotFound,
    RateLimited,
    TooLarge,
    Unauthenticated,
    Unavailable,
    UnsupportedType,
)
from core.limits import Buckets
from core.parsers import JSONParser
from core.schema import parse

log = structlog.get_logger(__name__)

T = TypeVar("T")

_requests = Buckets(settings.HTTP_BURST, settings.HTTP_PER_SECOND)


class MethodNotAllowed(AppError):
    """405, which only HTTP knows."""

    status = 405


class NotAcceptable(AppError):
    """406, likewise."""

    status = 406


class ApiView(APIView):
    """Base of every HTTP adapter: signed-in callers only, unless ``open``.

    ``request.user`` is the account and ``request.auth`` its Session (None for the browsable API,
    which signs in by Django's session).
    """

    open: ClassVar[bool] = False
    # Here and not in the settings: this module and rest_framework.views cannot import each other.
    parser_classes: Sequence[type[BaseParser]] = (JSONParser,)

    def get_permissions(self) -> list[Any]:
        """Nobody in by default."""
        return [AllowAny()] if self.open else [IsAuthenticated()]

    def check_throttles(self, request: Request) -> None:
        """One token bucket an account, or an address for strangers."""
        key = request.user.pk if request.user.is_authenticated else client_ip(request)
        _requests.take(key)

    def body(
        self, request: Request, shape: type[T], guard: Callable[[], object] | None = None
    ) -> T:
        """The request's body as ``shape``; raises Invalid.

        ``guard`` is called before bad input is refused, and raises NotFound where the caller must
        not learn more than that.
        """
        try:
            data = request.data
            return parse(shape, data.dict() if hasattr(data, "dict") else data)
        except (AppError, exceptions.APIException, RequestDataTooBig):
            if guard is not None:
                guard()
            raise

    def query(self, request: Request, shape: type[T]) -> T:
        """The query string as ``shape``; raises Invalid."""
        return parse(shape, request.query_params.dict(), lax=True)


def caller_id(request: Request) -> int:
    """The account of somebody signed in, as every view that is not ``open`` has."""
    assert request.user.pk is not None
    return request.user.pk


def ok(data: Any) -> Response:
    """200 with the thing's state."""
    return Response(data)


def created(data: Any) -> Response:
    """201 with what was made."""
    return Response(data, status=201)


def accepted(data: Any) -> Response:
    """202: taken, and will be done."""
    return Response(data, status=202)


def no_content() -> Response:
    """204, the answer of DELETE."""
    return Response(status=204)


def exception_handler(error: Exception, context: Mapping[str, Any]) -> Response:
    """Renders every refusal in one envelope; DRF's and Django's own are translated first.

    What is left is a bug: it is logged with its trace and answered ``500 internal``.
    """
    refusal = _refusal(error)
    if refusal is None:
        log.exception("unexpected", exc_info=error)
        body = {"code": "internal", "message": "Something went wrong on the server."}
        set_rollback()
        return Response({"error": body}, status=500)
    set_rollback()
    headers = {}
    if refusal.retry_after is not None:
        headers["Retry-After"] = str(refusal.retry_after)
    if isinstance(refusal, Unauthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    return Response({"error": refusal.payload()}, status=refusal.status, headers=headers)


def _refusal(error: Exception) -> AppError | None:
    match error:
        case AppError():
            return error
        case Http404():
            return NotFound()
        case exceptions.NotAuthenticated() | exceptions.AuthenticationFailed():
            return Unauthenticated("unauthenticated", "Sign in first.")
        case PermissionDenied() | exceptions.PermissionDenied():
            return Forbidden("forbidden", "You may not do this.")
        case exceptions.MethodNotAllowed():
            return MethodNotAllowed("method_not_allowed", str(error.detail))
        case exceptions.UnsupportedMediaType():
            return UnsupportedType("unsupported_type", str(error.detail))
        case exceptions.NotAcceptable():
            return NotAcceptable("not_acceptable", str(error.detail))
        case exceptions.Throttled():
            return RateLimited(getattr(error, "wait", None) or 1)
        case RequestDataTooBig():
            return TooLarge("body_too_large", "The body is too large.")
        case exceptions.APIException() if error.status_code < 500:
            return Invalid("invalid", str(error.detail))
        case OperationalError():
            log.warning("database_away", error=str(error))
            return Unavailable()
        case OSError() if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            log.error("disk_full", error=str(error))
            return Unavailable()
    return None


def bad_request(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    """Django's 400 in the envelope: a host that is not served here, or a request it suspects."""
    refusal = Invalid("invalid", "This request cannot be answered here.")
    return JsonResponse({"error": refusal.payload()}, status=400)


def not_found(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    """Django's 404 in the envelope, for paths that are no route."""
    return JsonResponse({"error": NotFound().payload()}, status=404)


def server_error(request: HttpRequest) -> JsonResponse:
    """Django's 500 in the envelope."""
    error = {"code": "internal", "message": "Something went wrong on the server."}
    return JsonResponse({"error": error}, status=500)
