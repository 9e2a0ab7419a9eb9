"""Group commit: calls that arrive while a statement runs go together in the next one.

Nobody waits for a timer: a batch is whatever came in during the last round trip. One instance a
statement and web process, on the loop, with its own connection (docs/decisions/0006).
"""

import asyncio
from collections import deque
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, Protocol, TypeVar

import psycopg
import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db import connection as db

from core.errors import AppError, Unavailable
from realtime import runtime
from realtime.database import connect
from realtime.lifecycle import on_start, on_stop
from realtime.tasks import end

log = structlog.get_logger(__name__)

Item = TypeVar("Item")
ItemIn = TypeVar("ItemIn", contravariant=True)
Result = TypeVar("Result")

_RECONNECT_SECONDS = 0.3
_SERVER_SETTINGS = {
    # Planning such a statement costs more than running it: one generic plan is kept. It may have
    # been made when the tables were empty, so it is held to what is right at any size: a probe of
    # an index for each item (measured: 2 ms a batch of 64 instead of 6, growing with the table).
    "plan_cache_mode": "force_generic_plan",
    "jit": "off",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "lock_timeout": "2s",
}


@dataclass(slots=True)
class Waiting(Generic[Item, Result]):
    """An item, the loop's time at which its caller gives up, and the caller's future."""

    item: Item
    until: float
    future: "asyncio.Future[Result]"


Batch = list[Waiting[Item, Result]]


class Again(AppError):
    """The outcome of an item whose ground has moved while the statement waited for a lock: nothing
    of it was done, and it is run once more.
    """

    status = 503


AGAIN = Again("unavailable", "The server cannot do this now. Try again.")


class Statement(Protocol[ItemIn, Result]):
    """One SQL statement over arrays of items."""

    name: str
    sql: str

    def params(self, items: Sequence[ItemIn]) -> dict[str, Any]:
        """The arrays, one a column."""

    def results(
        self, items: Sequence[ItemIn], rows: Sequence[tuple[Any, ...]]
    ) -> list[Result | AppError]:
        """For each item its result or its refusal, or AGAIN."""

    def committed(self, items: Sequence[ItemIn], results: Sequence[Result | AppError]) -> None:
        """Tells the world; called once the statement has committed (or will, with the caller)."""

    def key(self, item: ItemIn) -> Hashable:
        """Items of one key never share a batch: the second must see what the first did."""


class Batcher(Generic[Item, Result]):
    """Runs a Statement for many callers at once."""

    def __init__(self, statement: Statement[Item, Result]) -> None:
        self._statement = statement
        self._queue: deque[Waiting[Item, Result]] = deque()
        self._wakeup = asyncio.Event()
        self._connection: psycopg.AsyncConnection[Any] | None = None
        self._task: asyncio.Task[None] | None = None
        on_start(self._start)
        on_stop(self._stop)

    @property
    def name(self) -> str:
        """The statement's."""
        return self._statement.name

    def waiting(self) -> int:
        """How many items wait for the next batch."""
        return len(self._queue)

    def submit(self, item: Item) -> "asyncio.Future[Result]":
        """On the loop: queues the item; its future fails with an AppError where it is refused.

        Whoever cancels the future does not undo the commit. Raises Unavailable when
        WRITER_QUEUE_MAX items wait.
        """
        if len(self._queue) >= settings.WRITER_QUEUE_MAX:
            raise Unavailable
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()
        until = loop.time() + settings.WRITER_TIMEOUT_SECONDS
        self._queue.append(Waiting(item, until, future))
        self._wakeup.set()
        return future

    def call(self, item: Item) -> Result:
        """From a thread: through the loop's batch; inside a transaction, or without a loop, the
        same statement as a batch of one on Django's own connection. Raises AppError.
        """
        loop = runtime.loop()
        if loop is None or db.in_atomic_block:
            return self._call_here([item])[0]
        assert not runtime.is_on_loop(), "the loop cannot wait for itself: use submit"
        waiting = asyncio.run_coroutine_threadsafe(self._submit(item), loop)
        try:
            return waiting.result(settings.WRITER_TIMEOUT_SECONDS + 5)
        except TimeoutError as error:
            raise Unavailable from error

    async def _submit(self, item: Item) -> Result:
        return await self.submit(item)

    def call_together(self, items: Sequence[Item]) -> list[Result]:
        """Inside a transaction: items of different keys in one statement on Django's connection.

        Raises the first refusal; then the transaction must not commit.
        """
        assert db.in_atomic_block, "only a transaction can undo what went through beside a refusal"
        return self._call_here(items)

    def _call_here(self, items: Sequence[Item]) -> list[Result]:
        params = self._statement.params(items)
        try:
            rows = self._rows_here(params)
        except IntegrityError:  # a race for a unique key: now the other one's row is there to see
            rows = self._rows_here(params)
        outcomes = self._statement.results(items, rows)
        if len(items) == 1 and outcomes[0] is AGAIN:  # several are under locks of their caller's
            outcomes = self._statement.results(items, self._rows_here(params))
        self._statement.committed(items, outcomes)
        results: list[Result] = []
        for outcome in outcomes:
            if isinstance(outcome, AppError):
                raise outcome
            results.append(outcome)
        return results

    def _rows_here(self, params: dict[str, Any]) -> list[tuple[Any, ...]]:
        with transaction.atomic(), db.cursor() as cursor:
            cursor.execute(self._statement.sql, params)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

    async def _start(self) -> None:
        self._wakeup = asyncio.Event()
        self._task = asyncio.create_task(self._work_for_ever())

    async def _stop(self) -> None:
        """Finishes what is queued, as far as it goes at once, and lets the connection go."""
        waiting = [waiting.future for waiting in self._queue]
        if waiting:
            await asyncio.wait(waiting, timeout=1)
        if self._task is not None:
            await end([self._task])
        if self._connection is not None:
            await self._connection.close()

    async def _work_for_ever(self) -> None:
        while True:
            await self._wakeup.wait()
            self._wakeup.clear()
            while self._queue:
                batch = self._next_batch()
                match await self._try(batch):
                    case "refused":
                        await self._try_one_by_one(batch)
                    case "away":
                        await self._put_back(batch)

    async def _try_one_by_one(self, batch: "Batch[Item, Result]") -> None:
        """A race for a unique key heals when the statement runs again; what does not heal is found
        this way: a poisoned item never harms its neighbours.
        """
        for n, waiting in enumerate(batch):
            match await self._try([waiting]):
                case "refused":
                    _fail([waiting], Unavailable())
                case "away":  # with all behind it, so that a sender's order is kept
                    await self._put_back(batch[n:])
                    return

    async def _try(self, batch: "Batch[Item, Result]") -> Literal["done", "refused", "away"]:
        """Runs a batch; "refused" by the database as a whole, or "away" and the outcome unknown."""
        try:
            await self._run(batch)
        except (psycopg.errors.LockNotAvailable, psycopg.errors.QueryCanceled) as error:
            log.warning("batch_refused", statement=self._statement.name, error=str(error))
            return "refused"
        except (psycopg.OperationalError, OSError) as error:
            log.warning("writer_away", statement=self._statement.name, error=str(error))
            return "away"
        except psycopg.Error as error:
            log.warning("batch_refused", statement=self._statement.name, error=str(error))
            return "refused"
        except Exception as error:
            log.exception("batch", statement=self._statement.name)
            if len(batch) > 1:
                return "refused"
            _fail(batch, error)
        return "done"

    def _next_batch(self) -> "Batch[Item, Result]":
        batch: Batch[Item, Result] = []
        later: Batch[Item, Result] = []
        keys: set[Hashable] = set()
        while self._queue and len(batch) < settings.WRITER_BATCH_MAX:
            waiting = self._queue.popleft()
            key = self._statement.key(waiting.item)
            if key in keys:
                later.append(waiting)
            else:
                keys.add(key)
                batch.append(waiting)
        self._queue.extendleft(reversed(later))
        return batch

    async def _run(self, batch: "Batch[Item, Result]") -> None:
        if self._connection is None or self._connection.closed:
            self._connection = await connect(self._statement.name, **_SERVER_SETTINGS)
        items = [waiting.item for waiting in batch]
        params = self._statement.params(items)
        cursor = await self._connection.execute(self._statement.sql, params, prepare=True)
        results = self._statement.results(items, await cursor.fetchall())
        # Told on the loop's next turn, so that the next batch is on its way to PostgreSQL before
        # this one is written to the sockets: the two work side by side.
        asyncio.get_running_loop().call_soon(self._tell, batch, results)
        if AGAIN in results:
            again = [one for one, result in zip(batch, results, strict=True) if result is AGAIN]
            self._queue.extendleft(reversed(again))

    def _tell(self, batch: "Batch[Item, Result]", results: "list[Result | AppError]") -> None:
        """Pushes, then answers the callers, of a batch that has committed."""
        try:
            self._statement.committed([waiting.item for waiting in batch], results)
        except Exception:  # a push is a hint; the commit must be acknowledged all the same
            log.exception("push", statement=self._statement.name)
        for waiting, result in zip(batch, results, strict=True):
            if waiting.future.done() or result is AGAIN:
                continue  # the caller has gone, and the commit stands; or it is not done yet
            if isinstance(result, AppError):
                waiting.future.set_exception(result)
            else:
                waiting.future.set_result(result)

    async def _put_back(self, batch: "Batch[Item, Result]") -> None:
        """The database is away, the outcome unknown: all are tried again (they are idempotent),
        until their time is up.
        """
        if self._connection is not None:
            await self._connection.close()
        await asyncio.sleep(_RECONNECT_SECONDS)
        self._queue.extendleft(reversed(batch))
        now = asyncio.get_running_loop().time()
        while self._queue and self._queue[0].until < now:
            _fail([self._queue.popleft()], Unavailable())


def _fail(batch: "Batch[Any, Any]", error: Exception) -> None:
    for waiting in batch:
        if not waiting.future.done():
            waiting.future.set_exception(error)
