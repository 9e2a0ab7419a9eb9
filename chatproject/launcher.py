"""Runs the whole product on one machine: PostgreSQL, Valkey, web processes and the worker.

Each part is a child in a session of its own, so that Ctrl-C reaches only the launcher, which stops
the parts in order. A part that ends is started again. A launcher that was killed leaves its parts
running; the next one on the same DATA_DIR knows them by pid and start time and ends them first.
"""

import asyncio
import json
import os
import signal
import socket
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from chatproject.console import Console
from chatproject.embedded import Server, ServerError, locks, paths
from chatproject.embedded.server import READY_SECONDS, server_environment, stop

#: Waits before a part that ended is started again, doubled each time it does not live for long.
FIRST_DELAY_SECONDS = 0.2
LONGEST_DELAY_SECONDS = 10.0
LONG_LIFE_SECONDS = 60.0
#: All parts have stopped or been killed by then.
STOP_SECONDS = 4.5


class LaunchError(Exception):
    """The product cannot be started; the message says why in one line."""


@dataclass
class Part:
    """One child process: how to start, judge and stop it."""

    name: str
    #: The command line; `{fd}` in it is the number of the socket of `listen`.
    command: Callable[[], Sequence[str]]
    #: Run before each start. Both this and `is_ready` run in a thread and may block.
    prepare: Callable[[], None] = lambda: None
    #: Whether the part with this pid does its work.
    is_ready: Callable[[int], bool] = lambda pid: True
    #: Opens the listening socket that a start inherits.
    listen: Callable[[], socket.socket] | None = None
    environment: dict[str, str] = field(default_factory=lambda: dict(os.environ))
    stop_signal: signal.Signals = signal.SIGTERM
    #: Killed if it has not stopped by then.
    stop_seconds: float = 1.0
    process: asyncio.subprocess.Process | None = None
    output: asyncio.Task[None] | None = None
    last_lines: deque[str] = field(default_factory=lambda: deque(maxlen=5))

    @classmethod
    def of_server(cls, server: Server, stop_seconds: float) -> "Part":
        """The part that is an embedded server."""
        return cls(
            name=server.name,
            command=server.command,
            prepare=server.prepare,
            is_ready=lambda pid: server.is_ready(),
            environment=server_environment(),
            stop_signal=server.stop_signal,
            stop_seconds=stop_seconds,
        )


class Launcher:
    """Starts the parts of one DATA_DIR, keeps them running and stops them. For one run.

    `servers` start one after the other, in this order. `services` gives groups of parts, which
    start together when the servers answer and stop group by group, the last one first. It is
    called when no launcher before us holds what they need (a port), and before anything starts.
    """

    def __init__(
        self,
        data_dir: Path,
        servers: Sequence[Part],
        services: Callable[[], Sequence[Sequence[Part]]],
    ) -> None:
        self.console = Console()
        self._paths = paths.of(data_dir)
        self._record = self._paths.data_dir / "launcher.json"
        self._servers = servers
        self._open_services = services
        self._groups: list[Sequence[Part]] = [[server] for server in servers]

    def run(self, prepare_services: Callable[[], None], when_ready: Callable[[], None]) -> None:
        """Run until SIGINT, SIGTERM or SIGHUP. Raises `LaunchError` or `ServerError`.

        `prepare_services` is called when the servers answer and before the services start,
        `when_ready` when every part does its work; both in a thread.
        """
        with self._alone() as starting:
            self._groups += self._open_services()
            asyncio.run(self._until_signal(starting, prepare_services, when_ready))

    def _parts(self) -> list[Part]:
        return [part for group in self._groups for part in group]

    @contextmanager
    def _alone(self) -> Iterator[ExitStack]:
        """Be the only launcher; the yielded stack keeps other commands out while servers start."""
        data_dir = self._paths.data_dir
        with ExitStack() as locked, ExitStack() as starting:
            try:
                locked.enter_context(locks.hold(self._paths.launcher_lock, wait_seconds=1.0))
            except locks.Locked:
                raise LaunchError(f"DATA_DIR {data_dir} is in use by another instance") from None
            self._end_left_overs()
            try:
                starting.enter_context(locks.hold(self._paths.start_lock, wait_seconds=10.0))
                starting.enter_context(locks.hold(self._paths.users_lock, wait_seconds=10.0))
            except locks.Locked:
                message = f"DATA_DIR {data_dir} is in use by another manage.py command"
                raise LaunchError(message) from None
            yield starting

    async def _until_signal(
        self,
        starting: ExitStack,
        prepare_services: Callable[[], None],
        when_ready: Callable[[], None],
    ) -> None:
        async def work() -> None:
            for server in self._servers:
                await self._start(server)
                await self._wait_until_ready(server)
            starting.close()
            await asyncio.to_thread(prepare_services)
            services = self._parts()[len(self._servers) :]
            for service in services:
                await self._start(service)
            await asyncio.gather(*map(self._wait_until_ready, services))
            await asyncio.to_thread(when_ready)
            await asyncio.gather(*map(self._keep, self._parts()))

        asked_to_stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, asked_to_stop.set)
        tasks = [asyncio.create_task(work()), asyncio.create_task(asked_to_stop.wait())]
        done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        await asyncio.wait(tasks)
        deadline = time.monotonic() + STOP_SECONDS
        for group in reversed(self._groups):
            await asyncio.gather(*(self._stop(part, deadline) for part in group))
        self._record.unlink(missing_ok=True)
        for task in done:
            task.result()

    async def _start(self, part: Part) -> None:
        await asyncio.to_thread(part.prepare)
        with closing(part.listen()) if part.listen else nullcontext() as listening:
            number = listening.fileno() if listening else -1
            part.process = await asyncio.create_subprocess_exec(
                *(word.replace("{fd}", str(number)) for word in part.command()),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                pass_fds=[number] if listening else [],
                env=part.environment | {"PYTHONUNBUFFERED": "1"},
                start_new_session=True,
            )
        self._write_record()
        part.output = asyncio.create_task(self._show_output(part, part.process))

    async def _show_output(self, part: Part, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        rest = b""
        while chunk := await process.stdout.read(65_536):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                text = line.decode(errors="replace")
                part.last_lines.append(text)
                self.console.say(part.name, text)

    async def _wait_until_ready(self, part: Part) -> None:
        assert part.process is not None
        deadline = time.monotonic() + READY_SECONDS
        while not await asyncio.to_thread(part.is_ready, part.process.pid):
            if part.process.returncode is not None or time.monotonic() > deadline:
                break
            await asyncio.sleep(0.05)
        if part.process.returncode is not None or time.monotonic() > deadline:
            await asyncio.wait([part.output], timeout=1.0) if part.output else None
            raise LaunchError(f"{part.name} did not start: {' | '.join(part.last_lines)}")

    async def _keep(self, part: Part) -> None:
        """Start the part again whenever it ends, more slowly if it keeps ending."""
        delay = FIRST_DELAY_SECONDS
        while True:
            assert part.process is not None
            since = time.monotonic()
            status = await part.process.wait()
            if time.monotonic() - since > LONG_LIFE_SECONDS:
                delay = FIRST_DELAY_SECONDS
            self.console.say(part.name, f"ended with status {status}; starting it again")
            await asyncio.sleep(delay)
            delay = min(delay * 2, LONGEST_DELAY_SECONDS)
            try:
                await self._start(part)
                await self._wait_until_ready(part)
                self.console.say(part.name, "runs again")
            except (LaunchError, ServerError, OSError) as error:
                self.console.say(part.name, str(error))

    async def _stop(self, part: Part, deadline: float) -> None:
        if part.process is None or part.process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            part.process.send_signal(part.stop_signal)
        seconds = min(part.stop_seconds, max(0.1, deadline - time.monotonic()))
        try:
            await asyncio.wait_for(part.process.wait(), seconds)
        except TimeoutError:
            self.console.say(part.name, "does not stop; killing it")
            with suppress(ProcessLookupError):
                os.killpg(part.process.pid, signal.SIGKILL)
            await part.process.wait()

    def _write_record(self) -> None:
        """Write down what runs, for the launcher that comes after our sudden death."""
        entries = []
        for part in self._parts():
            try:
                if part.process is not None:
                    process = psutil.Process(part.process.pid)
                    entries.append([process.pid, process.create_time(), int(part.stop_signal)])
            except psutil.NoSuchProcess:
                continue
        unfinished = self._record.with_suffix(".new")
        unfinished.write_text(json.dumps(entries))
        unfinished.replace(self._record)

    def _end_left_overs(self) -> None:
        """End the parts of a launcher that was killed, the last started first."""
        if not self._record.exists():
            return
        for pid, started, stop_signal in reversed(json.loads(self._record.read_text())):
            try:
                process = psutil.Process(pid)
                if process.create_time() == started:
                    self.console.say("launcher", f"ends process {pid} of a killed launcher")
                    stop([process], stop_signal, seconds=1.0)
            except psutil.NoSuchProcess:
                continue
        self._record.unlink()
