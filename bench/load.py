"""What all measurements share: a server with seeded people, their sockets, and CPU time."""

import asyncio
import itertools
import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
from websockets.asyncio.client import ClientConnection, connect

from tests.server import Server

_numbers = itertools.count()


@contextmanager
def seeded_server(users: int, *groups: int, messages: int = 0) -> Iterator[tuple[Server, Any]]:
    """A running server with people in it, and what seed_load wrote of them."""
    with tempfile.TemporaryDirectory(prefix="bench-") as parent:
        server = Server(Path(parent) / "var").start()
        try:
            out = Path(parent) / "seed.json"
            sizes = [part for size in groups for part in ("--group", str(size))]
            counts = ["--users", str(users), "--messages", str(messages)]
            server.manage("seed_load", *counts, *sizes, "--out", str(out))
            yield server, json.loads(out.read_text())
        finally:
            server.stop()


async def sign_in(url: str, access: str) -> ClientConnection:
    """An open socket that has said `ready`."""
    headers = {"Authorization": f"Bearer {access}"}
    socket = await connect(
        url, additional_headers=headers, compression=None, open_timeout=60, ping_interval=None
    )
    await socket.recv()
    return socket


async def sign_in_all(url: str, accesses: list[str]) -> list[ClientConnection]:
    """Open sockets, 50 at a time."""
    room = asyncio.Semaphore(50)

    async def one(access: str) -> ClientConnection:
        async with room:
            return await sign_in(url, access)

    return await asyncio.gather(*map(one, accesses))


def send_frame(chat: str) -> str:
    """A `chat:send` of 100 characters with a fresh client_id."""
    number = next(_numbers)
    text = f"{time.perf_counter_ns()}".ljust(100, ".")
    data = {"chat": chat, "client_id": f"bench-{number}", "text": text}
    return json.dumps({"event": "chat:send", "ref": number, "data": data})


def cpu_seconds(processes: list[psutil.Process]) -> float:
    """CPU time that processes and their children have used so far."""
    family = {child for process in processes for child in process.children(recursive=True)}
    total = 0.0
    for process in {*processes, *family}:
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            total += times.user + times.system
    return total


def percentile(values: list[float], share: float) -> float:
    """The value below which ``share`` of them lie."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(len(ranked) * share))]
