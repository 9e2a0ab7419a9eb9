"""Durable 1:1 sends: N pairs, one message in flight each, acknowledged and delivered."""

import asyncio
import json
import time

from websockets.asyncio.client import ClientConnection

from bench.load import cpu_seconds, percentile, seeded_server, send_frame, sign_in_all

SECONDS = 5.0
WARM_UP_SECONDS = 1.0


def measure(pairs: int) -> None:
    """Prints messages a second, latency from send to receipt, and CPU time of all server parts."""
    with seeded_server(2 * pairs) as (server, seed):
        line = asyncio.run(_run(pairs, server.socket_url, seed, server.all_processes))
    print(f"{pairs:4} pairs: {line}", flush=True)


async def _run(pairs: int, url: str, seed, processes) -> str:  # type: ignore[no-untyped-def]
    sockets = await sign_in_all(url, [user["access"] for user in seed["users"]])
    latencies: list[float] = []
    until = time.perf_counter() + WARM_UP_SECONDS
    await _all_pairs(sockets, seed["direct"], until, [])
    before, begun = cpu_seconds(processes()[:1]), time.perf_counter()
    await _all_pairs(sockets, seed["direct"], begun + SECONDS, latencies)
    seconds = time.perf_counter() - begun
    used = cpu_seconds(processes()[:1]) - before
    for socket in sockets:
        socket.transport.abort()
    return (
        f"{len(latencies) / seconds:8.0f} messages/s"
        f"  p50 {percentile(latencies, 0.5) * 1000:6.1f} ms"
        f"  p99 {percentile(latencies, 0.99) * 1000:6.1f} ms"
        f"  CPU {used / len(latencies) * 1e6:6.0f} us a message"
    )


async def _all_pairs(
    sockets: list[ClientConnection], chats: list[str], until: float, latencies: list[float]
) -> None:
    pairs = zip(sockets[::2], sockets[1::2], chats, strict=False)
    await asyncio.gather(*(_pair(*pair, until, latencies) for pair in pairs))


async def _pair(
    one: ClientConnection,
    other: ClientConnection,
    chat: str,
    until: float,
    latencies: list[float],
) -> None:
    while (begun := time.perf_counter()) < until:
        await one.send(send_frame(chat))
        await asyncio.gather(_event(one, "chat:sent"), _event(other, "chat:receive"))
        latencies.append(time.perf_counter() - begun)
        one, other = other, one


async def _event(socket: ClientConnection, name: str) -> None:
    while json.loads(await socket.recv())["event"] != name:
        pass
