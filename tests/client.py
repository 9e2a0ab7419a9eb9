"""A client that knows the contract and nothing else: people, their devices, their sockets."""

import asyncio
import itertools
import json
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.server import Server

T = TypeVar("T")
Json = dict[str, Any]

#: How long anything may take before a test gives up on it.
PATIENCE_SECONDS = 10.0


class Refused(Exception):
    """The server answered ``error``; ``code`` is its stable code."""

    def __init__(self, data: Json) -> None:
        super().__init__(data)
        self.data = data
        self.code: str = data["code"]


class Closed(AssertionError):
    """The server closed the socket that a test still expected something of."""


async def eventually(
    check: Callable[[], Awaitable[T]], seconds: float = PATIENCE_SECONDS, every: float = 0.02
) -> T:
    """Waits until ``check`` answers something true, and answers that.

    A check that cannot reach the server counts as not yet true.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while True:
        try:
            if answer := await check():
                return answer
            failure: Exception | None = None
        except (httpx.HTTPError, ConnectionClosed, Closed, OSError, TimeoutError) as error:
            failure = error
        if loop.time() > deadline:
            raise AssertionError(f"did not come true in {seconds} s") from failure
        await asyncio.sleep(every)


class Socket:
    """An open WebSocket: what came in is kept until somebody expects it."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        #: Frames nobody has taken yet, in the order they came.
        self.frames: list[Json] = []
        self.close_code: int | None = None
        self.close_reason = ""
        self._refs = itertools.count(1)
        self._changed = asyncio.Condition()
        self._reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        try:
            async for text in self.connection:
                async with self._changed:
                    self.frames.append(json.loads(text))
                    self._changed.notify_all()
        except ConnectionClosed:
            pass
        async with self._changed:
            self.close_code = self.connection.close_code
            self.close_reason = self.connection.close_reason or ""
            self._changed.notify_all()

    @property
    def is_open(self) -> bool:
        """Whether the server has not closed it."""
        return self.close_code is None

    async def send(self, event: str, data: Any = None, ref: Any = None) -> Any:
        """Sends a frame without waiting for anything; answers its ref."""
        ref = next(self._refs) if ref is None else ref
        frame = {"event": event, "ref": ref, "data": {} if data is None else data}
        await self.send_raw(json.dumps(frame, ensure_ascii=False))
        return ref

    async def send_raw(self, text: str | bytes) -> None:
        """Sends anything; bytes as a binary frame."""
        await self.connection.send(text)

    async def ask(self, event: str, **data: Any) -> Json:
        """Sends a frame and answers the data of the reply; raises Refused."""
        return await self.reply(await self.send(event, data))

    async def reply(self, ref: Any) -> Json:
        """The data of the reply to ``ref``; raises Refused."""
        frame = await self.take(lambda frame: "ref" in frame and frame["ref"] == ref)
        if frame["event"] == "error":
            raise Refused(frame["data"])
        data: Json = frame["data"]
        return data

    async def expect(self, event: str, seconds: float = PATIENCE_SECONDS, **fields: Any) -> Json:
        """Waits for a push with these fields; answers its data. Others stay where they are."""

        def matches(frame: Json) -> bool:
            if frame["event"] != event or "ref" in frame:
                return False
            return all(frame["data"].get(name) == value for name, value in fields.items())

        data: Json = (await self.take(matches, seconds))["data"]
        return data

    async def take(
        self, matches: Callable[[Json], bool], seconds: float = PATIENCE_SECONDS
    ) -> Json:
        """Waits for the first frame that matches and takes it out."""

        def found() -> bool:
            return not self.is_open or any(map(matches, self.frames))

        try:
            async with asyncio.timeout(seconds), self._changed:
                await self._changed.wait_for(found)
                for frame in self.frames:
                    if matches(frame):
                        self.frames.remove(frame)
                        return frame
        except TimeoutError:
            raise AssertionError(f"nothing came in {seconds} s; got {self.frames}") from None
        raise Closed(f"closed with {self.close_code}; got {self.frames}")

    def pushes(self, event: str) -> list[Json]:
        """The data of the pushes of an event that came and were not taken."""
        return [f["data"] for f in self.frames if f["event"] == event and "ref" not in f]

    async def settled(self) -> None:
        """Everything sent before has been worked off, and what it caused here has arrived.

        Commands of one socket without a pipeline run in order, so the reply to one is a fence.
        """
        await self.ask("sync", heads={}, position=2**52)
        await self.ask("ping")

    async def closed(self, seconds: float = PATIENCE_SECONDS) -> int:
        """Waits until the server closes it; the close code."""
        try:
            async with asyncio.timeout(seconds), self._changed:
                await self._changed.wait_for(lambda: not self.is_open)
        except TimeoutError:
            raise AssertionError(f"still open after {seconds} s; got {self.frames}") from None
        assert self.close_code is not None
        return self.close_code

    async def close(self) -> None:
        """Closes it in order."""
        await self.connection.close()
        await self._reader

    async def drop(self) -> None:
        """Cuts the connection as a dead network would."""
        self.connection.transport.abort()
        await self._reader


async def open_socket(
    server: Server,
    access: str | None = None,
    *,
    origin: str | None = None,
    headers: list[tuple[str, str]] | None = None,
    subprotocols: list[str] | None = None,
) -> Socket:
    """Opens a socket; with ``access`` by the header. Raises InvalidStatus when refused."""
    more = list(headers or ())
    if access is not None:
        more.append(("Authorization", f"Bearer {access}"))
    if origin is not None:
        more.append(("Origin", origin))
    connection = await connect(
        server.socket_url,
        additional_headers=more,
        subprotocols=subprotocols,  # type: ignore[arg-type]  # plain strings are its Subprotocol
        compression=None,
        max_size=None,
        ping_interval=None,
        proxy=None,
        open_timeout=PATIENCE_SECONDS,
    )
    return Socket(connection)


class Person:
    """Somebody signed in on one device."""

    def __init__(self, server: Server, name: str) -> None:
        self.server = server
        self.name = name
        self.email = f"{name}.{secrets.token_hex(5)}@example.org"
        self.http = httpx.AsyncClient(
            base_url=f"{server.url}/api/v1/",
            timeout=PATIENCE_SECONDS,
            trust_env=False,
            limits=httpx.Limits(max_connections=50),
        )
        self.sockets: list[Socket] = []
        self.id = self.device = self.access = self.refresh = ""

    async def log_in(self) -> "Person":
        """By a code, read from the outbox; makes the account at first."""
        asked = await self.http.post("auth/otp/request/", json={"identifier": self.email})
        assert asked.status_code == 202, asked.text
        code = await eventually(self._code)
        body = {"identifier": self.email, "code": code, "device": {"name": self.name}}
        self._take(await self.http.post("auth/otp/verify/", json=body))
        return self

    async def _code(self) -> str | None:
        codes = [
            line["code"]
            for line in map(json.loads, self._outbox().splitlines())
            if line["to"] == self.email and "code" in line
        ]
        return codes[-1] if codes else None

    def _outbox(self) -> str:
        try:
            return (self.server.data_dir / "outbox.jsonl").read_text()
        except FileNotFoundError:
            return ""

    def _take(self, answer: httpx.Response) -> None:
        assert answer.status_code in {200, 201}, answer.text
        signed_in = answer.json()
        self.id, self.device = signed_in["user"]["id"], signed_in["device"]["id"]
        self.take_tokens(signed_in["access"], signed_in["refresh"])

    def take_tokens(self, access: str, refresh: str) -> None:
        """Goes on with another pair of tokens."""
        self.access, self.refresh = access, refresh
        self.http.headers["Authorization"] = f"Bearer {access}"

    async def other_device(self) -> "Person":
        """The same person, signed in once more."""
        other = Person(self.server, self.name)
        other.email = self.email
        return await other.log_in()

    async def ask(self, method: str, path: str, status: int = 200, **options: Any) -> Any:
        """An HTTP request under ``/api/v1/``; its JSON if it has the expected status."""
        answer = await self.http.request(method, path, **options)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    async def refused(self, method: str, path: str, **options: Any) -> tuple[int, str]:
        """Status and code of a refusal, with its envelope checked."""
        answer = await self.http.request(method, path, **options)
        return answer.status_code, error_of(answer)["code"]

    async def socket(self, **options: Any) -> Socket:
        """A socket of this device that has said ``ready``."""
        opened = await open_socket(self.server, self.access, **options)
        self.sockets.append(opened)
        await opened.expect("ready")
        return opened

    async def connect(self, other: "Person") -> str:
        """Scans the other's code, is accepted and opens the direct chat; its id."""
        qr = await other.ask("POST", "connections/qr/", 201)
        scan = {"token": qr["token"]}
        request = await self.ask("POST", "connections/scan/", 201, json=scan)
        await other.ask("POST", f"connections/requests/{request['id']}/accept/")
        chat = await self.ask("POST", "chats/", 201, json={"kind": "direct", "user": other.id})
        chat_id: str = chat["id"]
        return chat_id

    async def say(self, chat: str, text: str, status: int = 201, **more: Any) -> Json:
        """Sends a message over HTTP."""
        body = {"client_id": new_client_id(), "text": text, **more}
        answer: Json = await self.ask("POST", f"chats/{chat}/messages/", status, json=body)
        return answer

    async def messages(self, chat: str) -> list[Json]:
        """The whole history of a chat, by pages, oldest first."""
        found: list[Json] = []
        after = 0
        while True:
            page = await self.ask(
                "GET", f"chats/{chat}/messages/", params={"after": after, "limit": 100}
            )
            found += page["results"]
            if not page["has_more_after"]:
                return found
            after = found[-1]["seq"]

    async def leave(self) -> None:
        """Closes all sockets and connections."""
        for opened in self.sockets:
            await opened.close()
        await self.http.aclose()


def error_of(answer: httpx.Response) -> Json:
    """The error of a refusal; fails unless it stands in the contract's envelope."""
    assert answer.status_code >= 400, answer.text
    assert answer.headers["content-type"].startswith("application/json"), answer.text
    body = answer.json()
    assert list(body) == ["error"], body
    error: Json = body["error"]
    assert {"code", "message"} <= set(error) <= {"code", "message", "fields", "retry_after"}, error
    assert error["code"].replace("_", "").isalnum() and error["code"] == error["code"].lower()
    assert isinstance(error["message"], str) and error["message"]
    if answer.status_code == 429:
        assert int(answer.headers["Retry-After"]) >= 1
    return error


def new_client_id() -> str:
    """A client's own name for a message."""
    return secrets.token_hex(8)


class People:
    """Makes people and lets them all go at the end of a test."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._made: list[Person] = []

    async def __call__(self, *names: str) -> list[Person]:
        """People of these names, signed in for the first time."""
        people = [Person(self.server, name) for name in names]
        self._made += people
        # A few at a time: dozens of first logins at once only wait for each other.
        for begin in range(0, len(people), 8):
            await asyncio.gather(*(one.log_in() for one in people[begin : begin + 8]))
        return people

    async def is_ready(self) -> bool:
        """Whether the server says that all its parts but the cache work."""
        async with httpx.AsyncClient(trust_env=False) as asking:
            return (await asking.get(f"{self.server.url}/readyz")).status_code == 200

    async def leave(self) -> None:
        """All of them."""
        await asyncio.gather(*(one.leave() for one in self._made))


@asynccontextmanager
async def people_of(server: Server) -> AsyncIterator[People]:
    """People of a server for the length of a block."""
    people = People(server)
    try:
        yield people
    finally:
        await people.leave()
