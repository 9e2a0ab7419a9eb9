"""The consumer on the loop: how far a socket gets when the database is away, and what it leaves."""

import asyncio
import json
from typing import Any

import pytest
from django.db import OperationalError

from accounts.models import User
from accounts.tests.acts import signed_in
from realtime import hub, session
from realtime.consumer import SocketConsumer
from realtime.session import Identity
from realtime.tests.process import Process

pytestmark = pytest.mark.django_db(transaction=True)


class Peer:
    """A client of one consumer, over ASGI."""

    def __init__(
        self, token: str | None = None, *, host: bytes = b"localhost", origin: bytes = b""
    ) -> None:
        headers = [(b"host", host)]
        if origin:
            headers.append((b"origin", origin))
        if token:
            headers.append((b"authorization", f"Bearer {token}".encode()))
        self.scope = {
            "type": "websocket", "path": "/ws/", "headers": headers, "subprotocols": ["chat.v1"],
            "extensions": {"websocket.http.response": {}},
        }  # fmt: skip
        self.incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.outgoing: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.incoming.put_nowait({"type": "websocket.connect"})
        self.task = asyncio.ensure_future(
            SocketConsumer()(self.scope, self.incoming.get, self.outgoing.put)
        )

    async def message(self) -> dict[str, Any]:
        """The next ASGI message."""
        return await asyncio.wait_for(self.outgoing.get(), 10)

    async def frame(self) -> Any:
        """The next frame."""
        return json.loads((await self.message())["text"])

    def send(self, event: str, data: Any, ref: Any = None) -> None:
        """A frame."""
        text = json.dumps({"event": event, "ref": ref, "data": data})
        self.incoming.put_nowait({"type": "websocket.receive", "text": text})

    async def leave(self) -> None:
        """Disconnects, and waits for the consumer's end."""
        self.incoming.put_nowait({"type": "websocket.disconnect", "code": 1000})
        await asyncio.wait_for(self.task, 10)


def failing(monkeypatch: pytest.MonkeyPatch, part: str) -> list[bool]:
    """Makes a part of the identity fail as without a database, while the list says so."""
    known = session.identity()
    is_away = [True]

    def fail(argument: Any) -> Any:
        if is_away[0]:
            raise OperationalError("away")
        return getattr(known, part)(argument)

    parts = {"resolve": known.resolve, "live": known.live, "hello": known.hello, part: fail}
    monkeypatch.setattr(session, "_identity", Identity(**parts))  # type: ignore[arg-type]
    return is_away


def test_a_socket_comes_and_goes(alice: User, process: Process) -> None:
    token = signed_in(alice).token

    async def live() -> None:
        peer = Peer(token)
        assert (await peer.message()) == {"type": "websocket.accept", "subprotocol": "chat.v1"}
        ready = await peer.frame()
        assert ready["event"] == "ready" and ready["data"]["user"] == str(alice.pk)
        assert len(hub.local_connections(alice.pk)) == 1
        peer.send("ping", {}, ref={"a": [1]})
        pong = await peer.frame()
        assert (pong["event"], pong["ref"]) == ("pong", {"a": [1]})
        await peer.leave()
        assert hub.local_connections(alice.pk) == []

    process.run(live())


@pytest.mark.parametrize(
    ("host", "origin", "code"),
    [
        (b"localhost", b"http://[", b"origin_refused"),
        (b"localhost", b"http://localhost:x]", b"origin_refused"),
        (b"[", b"", b"host_refused"),
        (b"local host", b"", b"host_refused"),
        (b"evil.example", b"", b"host_refused"),
    ],
)
def test_broken_host_and_origin_headers_are_refused(
    process: Process, settings: Any, host: bytes, origin: bytes, code: bytes
) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "[::1]"]

    async def live() -> None:
        peer = Peer(host=host, origin=origin)
        assert (await peer.message())["status"] == 403
        assert code in (await peer.message())["body"]
        await peer.leave()

    process.run(live())


def test_an_address_of_ipv6_may_be_an_allowed_host(process: Process, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["[::1]"]

    async def live() -> None:
        peer = Peer(host=b"[::1]:8000", origin=b"http://[::1]:8000")
        assert (await peer.message())["type"] == "websocket.accept"
        await peer.leave()

    process.run(live())


@pytest.mark.parametrize("part", ["resolve", "hello"])
def test_a_first_frame_is_tried_again_when_the_database_is_back(
    alice: User, process: Process, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    token = signed_in(alice).token
    is_away = failing(monkeypatch, part)

    async def live() -> None:
        peer = Peer()
        assert (await peer.message())["type"] == "websocket.accept"
        peer.send("auth", {"token": token}, ref=1)
        refusal = await peer.frame()
        assert (refusal["event"], refusal["ref"]) == ("error", 1)
        assert refusal["data"]["code"] == "unavailable"
        is_away[0] = False
        peer.send("auth", {"token": token}, ref=2)
        assert (await peer.frame())["event"] == "ready"
        await peer.leave()
        assert hub.local_connections(alice.pk) == []

    process.run(live())


@pytest.mark.parametrize("part", ["resolve", "hello"])
def test_a_socket_whose_welcome_fails_leaves_nothing(
    alice: User, process: Process, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    token = signed_in(alice).token
    failing(monkeypatch, part)

    async def with_header() -> dict[str, Any]:
        peer = Peer(token)
        message = await peer.message()
        if part == "hello":
            assert message["type"] == "websocket.accept"
            message = await peer.message()
        await asyncio.wait_for(peer.task, 10)
        return message

    async def with_frame() -> None:
        peer = Peer()
        await peer.message()
        peer.send("auth", {"token": token})
        await peer.frame()
        await peer.leave()

    message = process.run(with_header())
    if part == "resolve":
        assert message["status"] == 503
    else:
        assert (message["type"], message["code"]) == ("websocket.close", 1012)
    process.run(with_frame())
    assert hub.local_connections(alice.pk) == []
    assert 0 not in hub.local_users()


def test_who_asks_for_much_and_reads_slowly_is_not_cut(
    alice: User, process: Process, settings: Any
) -> None:
    """Answers wait for the reader; only pushes may pile up."""
    settings.SOCKET_QUEUE_BYTES = 50
    token = signed_in(alice).token

    async def live() -> list[Any]:
        peer = Peer(token)
        await peer.message()
        await peer.frame()
        gate = asyncio.Event()
        put = peer.outgoing.put

        async def slowly(message: dict[str, Any]) -> None:
            await put(message)
            await gate.wait()

        (connection,) = hub.local_connections(alice.pk)
        connection._send = slowly
        for n in range(5):
            peer.send("sync", {}, ref=n)
        refs = []
        for _ in range(5):
            refs.append((await peer.frame())["ref"])
            gate.set()
            await asyncio.sleep(0)
            gate.clear()
        gate.set()
        await peer.leave()
        return refs

    assert process.run(live()) == [0, 1, 2, 3, 4]
