"""/healthz and /readyz, for supervisors and load balancers."""

from collections.abc import Callable

import redis
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from realtime import control, runtime
from realtime.redis import sync_client

Handler = Callable[[HttpRequest], HttpResponse]


def answer_probes(get_response: Handler) -> Handler:
    """Before all that could refuse: a probe asks by address and plain HTTP, so neither the allowed
    hosts nor the redirect to https may stand in its way.
    """
    probes = {"/healthz": alive, "/readyz": ready}

    def middleware(request: HttpRequest) -> HttpResponse:
        probe = probes.get(request.path)
        return probe() if probe else get_response(request)

    return middleware


def alive() -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def ready() -> JsonResponse:
    """Whether every part answers; the cache may be away without the server being unready."""
    parts = {"database": _database(), "cache": _cache(), "queue": _queue()}
    if runtime.loop() is not None:
        parts["listener"] = "ok" if control.is_listening() else "away"
    is_ready = all(state == "ok" for part, state in parts.items() if part != "cache")
    return JsonResponse(
        {"status": "ok" if is_ready else "unready", "parts": parts},
        status=200 if is_ready else 503,
    )


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "away"
    return "ok"


def _queue() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM procrastinate_jobs LIMIT 1")
    except DatabaseError:
        return "away"
    return "ok"


def _cache() -> str:
    try:
        sync_client().ping()
    except redis.RedisError:
        return "away"
    return "ok"
