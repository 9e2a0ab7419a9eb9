"""Fan-out to a group of N, all online: our hub beside the stock channel layer.

Ours also stores each message durably; the stock one stores nothing.
"""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
from websockets.asyncio.client import ClientConnection

from bench.load import cpu_seconds, percentile, seeded_server, send_frame, sign_in_all
from tests.server import Server, free_port

MESSAGES = 60


def measure(size: int) -> None:
    """Prints deliveries a second, time to the last member, and web CPU a delivery, for both."""
    with seeded_server(size, size) as (server, seed):
        accesses = [user["access"] for user in seed["users"]]
        ours = asyncio.run(
            _run(server.socket_url, accesses, seed["groups"][0], server.parts("web"))
        )
        _print(f"hub, group of {size}", ours)
        with _stock_server(server) as (url, process):
            stock = asyncio.run(_run(url, [""] * size, "room", [process], messages=10))
        _print(f"stock channel layer, {size}", stock)
    print(f"     CPU a delivery, hub : stock = 1 : {stock[2] / ours[2]:.1f}", flush=True)


Figures = tuple[float, float, float]


def _print(name: str, figures: Figures) -> None:
    rate, last, cpu = figures
    print(
        f"{name:>26}: {rate:8.0f} deliveries/s  p50 to the last {last * 1000:6.1f} ms"
        f"  CPU {cpu * 1e6:6.1f} us a delivery",
        flush=True,
    )


async def _run(
    url: str,
    accesses: list[str],
    chat: str,
    processes: list[psutil.Process],
    messages: int = MESSAGES,
) -> Figures:
    sender, *others = await sign_in_all(url, accesses)
    arrivals: asyncio.Queue[float] = asyncio.Queue()
    readers = [asyncio.create_task(_read(other, arrivals)) for other in others]
    asyncio.create_task(_read(sender, asyncio.Queue()))  # noqa: RUF006  # ends with its socket
    lasts: list[float] = []
    await _once(sender, chat, arrivals, len(others))
    before, begun = cpu_seconds(processes), time.perf_counter()
    for _ in range(messages):
        lasts.append(await _once(sender, chat, arrivals, len(others)))
    seconds, used = time.perf_counter() - begun, cpu_seconds(processes) - before
    for reader, other in zip(readers, others, strict=True):
        reader.cancel()
        other.transport.abort()
    sender.transport.abort()
    deliveries = messages * len(others)
    return deliveries / seconds, percentile(lasts, 0.5), used / deliveries


async def _once(
    sender: ClientConnection, chat: str, arrivals: "asyncio.Queue[float]", count: int
) -> float:
    begun = time.perf_counter()
    await sender.send(send_frame(chat))
    for _ in range(count):
        last = await arrivals.get()
    return last - begun


async def _read(member: ClientConnection, arrivals: "asyncio.Queue[float]") -> None:
    async for frame in member:
        if '"chat:' in str(frame)[:40]:
            arrivals.put_nowait(time.perf_counter())


@contextmanager
def _stock_server(beside: Server) -> Iterator[tuple[str, psutil.Process]]:
    """The stock consumer under the same uvicorn settings, with the same Valkey."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "bench.stock:application", "--port", str(port)]
    command += ["--loop", "uvloop", "--ws", "websockets-sansio", "--no-access-log"]
    command += ["--ws-per-message-deflate", "false", "--log-level", "warning", "--lifespan", "off"]
    process = subprocess.Popen(command, env={**os.environ, **beside.environment()})
    try:
        _wait_for(port)
        yield f"ws://127.0.0.1:{port}/ws/", psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the stock server did not start")
