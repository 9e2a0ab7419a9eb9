"""/metrics in Prometheus' text format, for operators."""

import hmac
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from chat.heads import reader
from chat.marks import marker
from chat.writer import writer
from chatproject.queue import QUEUES
from core.http import not_found
from media.incoming import bodies_on_their_way
from realtime import bus, control, hub

_JOBS = "SELECT queue_name, status, count(*) FROM procrastinate_jobs GROUP BY 1, 2"
# Per queue: jobs that could run now, and for how many seconds the oldest could have. One that is to
# run later, or is tried again, is due from then on.
_DUE = """
SELECT j.queue_name, count(*), extract(epoch FROM now() - min(coalesce(j.scheduled_at, d.at)))
FROM procrastinate_jobs j
LEFT JOIN LATERAL (
    SELECT min(e.at) AS at FROM procrastinate_events e
    WHERE e.job_id = j.id AND e.type = 'deferred'
) d ON true
WHERE j.status = 'todo' AND (j.scheduled_at IS NULL OR j.scheduled_at <= now())
GROUP BY 1
"""
_REPORTS = """
SELECT state, count(*) FROM moderation_report WHERE state IN ('open', 'assigned') GROUP BY 1
"""

registry = CollectorRegistry()
_sockets = Gauge("chatproject_sockets", "Open sockets of this process.", registry=registry)
_users = Gauge("chatproject_users", "People with a socket in this process.", registry=registry)
_waiting = Gauge(
    "chatproject_waiting", "Items that wait for a batch.", ["statement"], registry=registry
)
_bodies = Gauge("chatproject_bodies", "Large bodies on their way.", registry=registry)
_parts = Gauge("chatproject_part_up", "1 while a part answers.", ["part"], registry=registry)
_reports = Gauge(
    "chatproject_reports", "Reports of people that wait.", ["state"], registry=registry
)
_jobs = Gauge("chatproject_jobs", "Jobs of the queue.", ["queue", "status"], registry=registry)

_due = Gauge("chatproject_jobs_due", "Jobs that could run now.", ["queue"], registry=registry)
_oldest = Gauge(
    "chatproject_jobs_oldest_seconds",
    "For how long the oldest of them could have.",
    ["queue"],
    registry=registry,
)

_sockets.set_function(hub.count)
_users.set_function(lambda: len(hub.local_users()))
for _batcher in (writer, marker, reader):
    _waiting.labels(_batcher.name).set_function(_batcher.waiting)
_bodies.set_function(bodies_on_their_way)
_parts.labels("bus").set_function(lambda: not bus.is_away())
_parts.labels("listener").set_function(control.is_listening)


def metrics(request: HttpRequest) -> HttpResponse:
    """This process's figures, to staff and to whoever has METRICS_TOKEN; absent to others."""
    if not _may_read(request):
        return not_found(request)
    _jobs.clear()
    for queue, status, count in _counts(_JOBS):
        _jobs.labels(queue, status).set(count)
    due = {queue: (count, age) for queue, count, age in _counts(_DUE)}
    for queue in {*QUEUES, *due}:
        count, age = due.get(queue, (0, 0))
        _due.labels(queue).set(count)
        _oldest.labels(queue).set(float(age or 0))
    _reports.clear()
    for state, count in _counts(_REPORTS):
        _reports.labels(state).set(count)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _counts(statement: str) -> list[Any]:
    """Nothing while PostgreSQL is away, which is when the other figures are wanted most."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            rows: list[Any] = cursor.fetchall()
    except DatabaseError:
        return []
    return rows


def _may_read(request: HttpRequest) -> bool:
    if request.user.is_authenticated and request.user.is_staff:
        return True
    offered = request.headers.get("Authorization", "").removeprefix("Bearer ")
    token = settings.METRICS_TOKEN
    return bool(token) and hmac.compare_digest(offered.encode(), token.encode())
