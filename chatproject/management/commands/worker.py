"""`manage.py worker`: runs the jobs, and keeps the search index."""

import asyncio
from argparse import ArgumentParser
from typing import Any

import structlog
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status

from chat.search.indexer import index_new
from chatproject.queue import QUEUES
from realtime.bridge import run_in_thread
from realtime.tasks import end

log = structlog.get_logger(__name__)

#: What can run at once is heard of; for what waits for a time the queue has to be looked at. Each
#: look is one query, of about a millisecond (of 14 where 10,000 jobs wait).
_LOOK_SECONDS = 1.0


class Command(BaseCommand):
    """See `help`."""

    help = "Runs jobs and keeps the search index; SIGTERM gives running jobs a second to end."
    # Production may not start on unsafe settings; elsewhere the checks only cost a second.
    requires_system_checks = "__all__" if settings.PRODUCTION else ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See Django."""
        parser.add_argument("--queues", nargs="+", default=list(QUEUES), metavar="QUEUE")
        parser.add_argument("--concurrency", type=int, default=4, help="jobs at once")

    def handle(self, *args: Any, **options: Any) -> None:
        """See Django."""
        # Django's connections are synchronous; the worker waits on connections of its own.
        connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
        with app.replace_connector(connector):
            asyncio.run(_work(options["queues"], options["concurrency"]))


async def _work(queues: list[str], concurrency: int) -> None:
    async with app.open_async():
        beside = [asyncio.create_task(_rescue_jobs()), asyncio.create_task(_index_messages())]
        try:
            await app.run_worker_async(
                queues=queues,
                concurrency=concurrency,
                fetch_job_polling_interval=_LOOK_SECONDS,
                delete_jobs="successful",
                update_heartbeat_interval=settings.WORKER_DEAD_SECONDS / 3,
                stalled_worker_timeout=settings.WORKER_DEAD_SECONDS,
                shutdown_graceful_timeout=1.0,
            )
        finally:
            await end(beside)


async def _rescue_jobs() -> None:
    """Give out again what dead workers had begun; jobs bear being run twice."""
    while True:
        try:
            stalled = await app.job_manager.get_stalled_jobs(
                seconds_since_heartbeat=settings.WORKER_DEAD_SECONDS
            )
            for job in stalled:
                await _rescue(job)
        except ConnectorException as error:  # the database is away, or was: tried again
            log.warning("rescue_failed", error=str(error))
        await asyncio.sleep(settings.WORKER_DEAD_SECONDS / 2)


async def _rescue(job: Job) -> None:
    log.warning("job_rescued", task=job.task_name, job=job.id)
    try:
        await app.job_manager.retry_job(job)
    except UniqueViolation:
        # Of its kind one waits at most, and one does: it will do the same work.
        await app.job_manager.finish_job(job, Status.FAILED, delete_job=True)


async def _index_messages() -> None:
    """Add what was sent to the search index, and rest as long as it may take: sending goes first.

    Any number of workers may do so.
    """
    seconds = settings.SEARCH_INDEX_SECONDS
    while True:
        try:
            await run_in_thread(index_new, seconds)
        except DatabaseError as error:  # away, or busy: tried again
            log.warning("indexing_failed", error=str(error))
        except Exception:  # nobody would notice if it ended
            log.exception("indexing_failed")
        await asyncio.sleep(seconds)
