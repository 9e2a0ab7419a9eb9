"""`manage.py worker`: runs the jobs."""

import asyncio
import contextlib
from argparse import ArgumentParser
from typing import Any

import structlog
from django.conf import settings
from django.core.management.base import BaseCommand
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException

log = structlog.get_logger(__name__)

QUEUES = ["default", "media", "notify", "maintenance"]

#: A worker that has been silent for so long is dead, and its jobs are given out again.
DEAD_AFTER_SECONDS = 30


class Command(BaseCommand):
    """See `help`."""

    help = "Runs jobs until stopped; SIGTERM gives running ones a second to end."
    # Production may not start on unsafe settings; elsewhere the checks only cost a second.
    requires_system_checks = "__all__" if settings.PRODUCTION else ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See Django."""
        parser.add_argument("--queues", nargs="+", default=QUEUES, metavar="QUEUE")
        parser.add_argument("--concurrency", type=int, default=4, help="jobs at once")

    def handle(self, *args: Any, **options: Any) -> None:
        """See Django."""
        # Django's connections are synchronous; the worker waits on connections of its own.
        connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
        with app.replace_connector(connector):
            asyncio.run(_work(options["queues"], options["concurrency"]))


async def _work(queues: list[str], concurrency: int) -> None:
    async with app.open_async():
        rescuing = asyncio.create_task(_rescue_jobs())
        try:
            await app.run_worker_async(
                queues=queues,
                concurrency=concurrency,
                delete_jobs="successful",
                shutdown_graceful_timeout=1.0,
            )
        finally:
            rescuing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await rescuing


async def _rescue_jobs() -> None:
    """Give out again what dead workers had begun; jobs bear being run twice."""
    while True:
        try:
            stalled = await app.job_manager.get_stalled_jobs(
                seconds_since_heartbeat=DEAD_AFTER_SECONDS
            )
            for job in stalled:
                await app.job_manager.retry_job(job)
        except ConnectorException as error:  # the database is away, or was: tried again
            log.warning("rescue_failed", error=str(error))
        await asyncio.sleep(DEAD_AFTER_SECONDS / 2)
