"""The bus: one way for a push to reach the right sockets of every process.

A batch of events crosses Redis once a process (one channel-layer channel a process, all in one
group), and local sockets are served without waiting for it. It is a hint: what is lost on the way
is in the log, and ``on_gap`` says when something may have been lost.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeVar

import structlog
from asgiref.sync import async_to_sync
from channels.layers import BaseChannelLayer, get_channel_layer
from django.conf import settings
from django.db import transaction

from realtime import hub, runtime
from realtime.frames import encode, name_of
from realtime.hub import Audience, OneDevice
from realtime.lifecycle import on_start, on_stop
from realtime.tasks import end

log = structlog.get_logger(__name__)

GROUP = "hub"
_OUTGOING_MAX = 10_000
# A process that was not heard of for so many ticks has ended.
_TICKS_OF_PATIENCE = 5


To = Iterable[int] | Audience | OneDevice
Recipients = list[int] | Audience | OneDevice
G = TypeVar("G", bound=Callable[[], Awaitable[None]])
OnPush = Callable[[Recipients], None]

_outgoing: list[list[Any]] = []
_wakeup: asyncio.Event | None = None
_gap = asyncio.Event()
_sent = 0
_peers: dict[str, tuple[int, float]] = {}
_last_tick: float | None = None
_is_away = False
_on_gap: list[Callable[[], Awaitable[None]]] = []
_on_push: dict[str, list[OnPush]] = {}
_tasks: list["asyncio.Task[None]"] = []


def publish(to: To, event: str, data: Any, *, skip: int = 0) -> None:
    """Pushes an event to users' sockets once the transaction commits (at once outside of one).

    ``skip`` leaves out the socket of that number: the sender's, which gets a reply instead.
    """
    recipients = _recipients(to)
    text = encode(event, data)
    if runtime.is_on_loop():  # no transaction is open there: the writer has committed
        publish_now(recipients, text, skip)
    else:
        transaction.on_commit(lambda: _publish_text(recipients, text, skip), robust=True)


def publish_ephemeral(to: To, event: str, data: Any, *, skip: int = 0) -> None:
    """The same without waiting for a commit, for what takes no place in a log (typing …)."""
    _publish_text(_recipients(to), encode(event, data), skip)


def publish_now(to: Recipients, text: str, skip: int = 0) -> None:
    """Pushes an encoded frame; on the loop only, after the commit. The hot path's own door."""
    _deliver(to, text, skip)
    _enqueue([_packed(to), text])


def on_push(*events: str) -> Callable[[OnPush], OnPush]:
    """``handler(to)`` runs on the loop for each push of ``events`` that comes through this process,
    wherever it was published. On the hot path: it may note something down, and nothing else.
    """

    def register(handler: OnPush) -> OnPush:
        for event in events:
            _on_push.setdefault(event, []).append(handler)
        return handler

    return register


def on_gap(handler: G) -> G:
    """``async handler()`` runs when pushes may be lost, and every tick while Redis is away."""
    _on_gap.append(handler)
    return handler


def is_away() -> bool:
    """Whether the bus between the processes is down at this moment."""
    return _is_away


def _recipients(to: To) -> Recipients:
    return to if isinstance(to, Audience | OneDevice) else list(to)


def _publish_text(to: Recipients, text: str, skip: int) -> None:
    if runtime.is_on_loop():
        publish_now(to, text, skip)
    elif (loop := runtime.loop()) is not None:
        loop.call_soon_threadsafe(publish_now, to, text, skip)
    else:
        _publish_from_outside(to, text)


def _publish_from_outside(to: Recipients, text: str) -> None:
    """From a worker or a command: it has no sockets and no loop of its own."""
    message = {"type": "hub.batch", "origin": "", "n": 0, "events": [[_packed(to), text]]}
    try:
        async_to_sync(_layer().group_send)(GROUP, message)
    except Exception as error:  # a hint that may be lost; redis raises many kinds here
        log.warning("bus_publish", error=str(error))


def _packed(to: Recipients) -> Any:
    match to:
        case Audience():
            return {"audience": to.id, "version": to.version, "without": list(to.without)}
        case OneDevice():
            return {"user": to.user_id, "device": to.device_id}
    return to


def _unpacked(to: Any) -> Recipients:
    match to:
        case {"audience": id, "version": version, "without": without}:
            return Audience(id, version, frozenset(without))
        case {"user": user_id, "device": device_id}:
            return OneDevice(user_id, device_id)
    users: list[int] = to
    return users


def _deliver(to: Recipients, text: str, skip: int = 0) -> None:
    if isinstance(to, Audience):
        hub.deliver_to_audience(to, text, skip)
    elif isinstance(to, OneDevice):
        hub.deliver_to_device(to, text)
    else:
        hub.deliver(to, text, skip)
    for handler in _on_push.get(name_of(text), ()):
        handler(to)


def _layer() -> BaseChannelLayer:
    layer = get_channel_layer()
    assert layer is not None
    return layer


def _enqueue(item: list[Any]) -> None:
    # A process alone has nobody to tell (measured: a fifth of its CPU at full load). One that
    # starts is heard of by its first tick, and tells its clients' heads after it.
    if not _peers:
        return
    # With Redis away for long the queue is cut: the clients' heads tell them what they miss.
    if _wakeup is not None and len(_outgoing) < _OUTGOING_MAX:
        _outgoing.append(item)
        _wakeup.set()


async def _send_for_ever() -> None:
    global _sent, _is_away
    assert _wakeup is not None
    layer = _layer()
    while True:
        await _wakeup.wait()
        _wakeup.clear()
        batch = _outgoing[:]
        _outgoing.clear()
        _sent += 1
        try:
            await layer.group_send(
                GROUP,
                {"type": "hub.batch", "origin": runtime.PROCESS, "n": _sent, "events": batch},
            )
        except Exception as error:  # redis, channels and sockets each have their own
            if not _is_away:
                log.warning("bus_away", error=str(error))
            _is_away = True


async def _receive_for_ever() -> None:
    assert _wakeup is not None
    layer = _layer()
    while True:
        try:
            channel = await layer.new_channel()
            await layer.group_add(GROUP, channel)
            _wakeup.set()  # the others learn of this process at once
            while True:
                await _receive(await layer.receive(channel))
        except Exception as error:
            log.debug("bus_receive", error=str(error))  # the sender's side says it once
            await asyncio.sleep(0.5)


async def _receive(message: dict[str, Any]) -> None:
    global _last_tick
    origin, number = message["origin"], message["n"]
    now = asyncio.get_running_loop().time()
    if origin == runtime.PROCESS:
        is_first, _last_tick = _last_tick is None, now
        if is_first:
            _gap.set()  # what was published before this process was heard of is lost to it
        return
    if origin:
        known = _peers.get(origin)
        _peers[origin] = number, now
        if known is not None and number != known[0] + 1:
            log.warning("bus_gap", origin=origin)
            _gap.set()
    for recipients, text in message["events"]:
        _deliver(_unpacked(recipients), text)


async def _tick_for_ever() -> None:
    """Hears itself through Redis every BUS_TICK_SECONDS; silence means that pushes are lost."""
    global _is_away
    assert _wakeup is not None
    loop = asyncio.get_running_loop()
    begun = loop.time()
    while True:
        _wakeup.set()  # an empty batch is a tick
        await asyncio.sleep(settings.BUS_TICK_SECONDS)
        silent = loop.time() - (_last_tick or begun) > 1.5 * settings.BUS_TICK_SECONDS
        for origin, (_, heard_at) in list(_peers.items()):
            if loop.time() - heard_at > _TICKS_OF_PATIENCE * settings.BUS_TICK_SECONDS:
                del _peers[origin]
        if silent or _is_away:
            came_back, _is_away = _is_away and not silent, silent
            if came_back:
                log.info("bus_back")
            _gap.set()


async def _tell_gaps_for_ever() -> None:
    """Apart from receiving and ticking, which must not wait for a database that is slow."""
    while True:
        await _gap.wait()
        _gap.clear()
        for handler in _on_gap:
            try:
                await handler()
            except Exception:
                log.exception("bus_gap_handler")


@on_start
async def _start() -> None:
    global _wakeup, _gap
    _wakeup, _gap = asyncio.Event(), asyncio.Event()
    for forever in (_send_for_ever, _receive_for_ever, _tick_for_ever, _tell_gaps_for_ever):
        _tasks.append(asyncio.create_task(forever()))


@on_stop
async def _stop() -> None:
    await end(_tasks)
