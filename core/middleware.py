"""What every HTTP answer carries: a request id and the headers that keep browsers strict."""

import re
import secrets
import time
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

log = structlog.get_logger("http")

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")
Handler = Callable[[HttpRequest], HttpResponse]


def request_id_of(offered: str | None) -> str:
    """The client's own id when it is 1-64 of ``[A-Za-z0-9._-]``, else a new one."""
    if offered and _REQUEST_ID.match(offered):
        return offered
    return secrets.token_hex(8)


def request_log(get_response: Handler) -> Handler:
    """Binds the request id to the log, returns it as X-Request-ID, writes one line a request.

    Paths are logged without their query strings.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        request_id = request_id_of(request.headers.get("X-Request-ID"))
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        begun = time.perf_counter()
        response = get_response(request)
        response["X-Request-ID"] = request_id
        milliseconds = round((time.perf_counter() - begun) * 1000, 1)
        log.info(
            "request",
            method=request.method,
            path=request.path,
            status=response.status_code,
            ms=milliseconds,
        )
        return response

    return middleware


def api_headers(get_response: Handler) -> Handler:
    """Personal answers are stored nowhere."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path.startswith("/api/v1/"):
            response.setdefault("Cache-Control", "no-store")
        return response

    return middleware
