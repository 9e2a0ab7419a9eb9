"""The one consumer: a socket's handshake, its reader and its inbox."""

import asyncio
import itertools
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, ClassVar

import msgspec
import structlog
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.db import OperationalError
from django.http.request import split_domain_port, validate_host

from core.errors import AppError, Forbidden, Invalid, Unauthenticated, Unavailable
from core.limits import Bucket
from core.origins import is_allowed_origin
from core.schema import Input
from realtime import hub, lifecycle
from realtime.bridge import run_in_thread
from realtime.connection import Connection, utf8_length
from realtime.frames import NO_REF, Frame, encode, encode_error, read_data, read_frame, ref_of
from realtime.registry import Command, Render, Reply, commands
from realtime.session import Session, identity

log = structlog.get_logger(__name__)

SUBPROTOCOL = "chat.v1"
FRAME_TOO_LARGE = 4413
FLOODING = 4429

_numbers = itertools.count(1)


class Auth(Input):
    """``auth``: an access token, at first or again before the old one ends."""

    token: str


_auth_decoder = msgspec.json.Decoder(Auth)


class SocketConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # untyped there
    """One WebSocket of one device.

    Channels' own dispatch hops to a shared thread for every event (docs/decisions/0002), so this
    class reads the socket itself; everything else of a Channels consumer stays as it is.
    """

    channel_layer_alias: ClassVar[str] = ""  # the hub delivers, not a channel each

    async def __call__(
        self,
        scope: dict[str, Any],
        receive: Callable[[], Awaitable[dict[str, Any]]],
        send: Callable[[dict[str, Any]], Awaitable[None]],
    ) -> None:
        """Runs the socket from handshake to close."""
        self.scope = scope
        self.receive_message = receive
        self.send_message = send
        await receive()  # websocket.connect
        try:
            self._check_origin()
            session = await self._session_of_header()
        except AppError as error:
            await self._refuse(error)
            return
        except OperationalError:
            await self._refuse(Unavailable())
            return
        offered = scope.get("subprotocols") or ()
        subprotocol = SUBPROTOCOL if SUBPROTOCOL in offered else None
        await send({"type": "websocket.accept", "subprotocol": subprotocol})
        self.bucket = Bucket(settings.SOCKET_BURST_FRAMES, settings.SOCKET_FRAMES_PER_SECOND)
        abort = scope.get("extensions", {}).get("chatproject.abort") or (lambda: None)
        nobody = session or Session(0, 0, time.time() + settings.SOCKET_AUTH_SECONDS)
        self.connection = Connection(nobody, send, abort)  # type: ignore[arg-type]
        self.is_welcome = False
        try:
            if session is not None:
                await self._welcome(session)
            elif not await self._wait_for_auth():
                return
            await self._serve()
        except Unauthenticated:  # by the time it was welcomed
            self.connection.close(hub.NOT_AUTHENTICATED)
        except OperationalError:  # while it was welcomed
            self.connection.close(hub.RESTARTING, str(settings.SOCKET_RESTART_SECONDS))
        finally:
            await self._leave()

    # --- Handshake ---------------------------------------------------------------------------

    def _check_origin(self) -> None:
        """Browsers say where a page is from; other sites' pages stay out. Raises Forbidden."""
        headers = self.scope["headers"]
        hosts = [value.decode("latin-1") for name, value in headers if name == b"host"]
        origins = [value.decode("latin-1") for name, value in headers if name == b"origin"]
        domain = split_domain_port(hosts[0])[0] if len(hosts) == 1 else ""
        if not domain or not validate_host(domain, _allowed_hosts()):
            raise Forbidden("host_refused", "This host name is not served here.")
        if not origins or (len(origins) == 1 and is_allowed_origin(origins[0], hosts[0])):
            return
        raise Forbidden("origin_refused", "Pages of this origin may not open a socket.")

    async def _session_of_header(self) -> Session | None:
        """The session of an Authorization header; None without one. Raises Unauthenticated."""
        for name, value in self.scope["headers"]:
            if name == b"authorization":
                scheme, _, token = value.decode("latin-1").partition(" ")
                if scheme.lower() != "bearer":
                    raise Unauthenticated("token_invalid", "Use a bearer token.")
                return await run_in_thread(identity().resolve, token.strip())
        return None

    async def _refuse(self, error: AppError) -> None:
        """A refused handshake is plain HTTP."""
        if "websocket.http.response" not in self.scope.get("extensions", {}):
            await self.send_message({"type": "websocket.close"})
            return
        headers = [(b"content-type", b"application/json")]
        start = {"type": "websocket.http.response.start", "status": error.status}
        await self.send_message({**start, "headers": headers})
        body = msgspec.json.encode({"error": error.payload()})
        await self.send_message({"type": "websocket.http.response.body", "body": body})

    async def _wait_for_auth(self) -> bool:
        """Takes frames until one authenticates; closes with 4401 after SOCKET_AUTH_SECONDS."""
        try:
            async with asyncio.timeout(settings.SOCKET_AUTH_SECONDS):
                while (frame := await self._next_frame()) is not None:
                    if frame.event == "auth":
                        if await self._authenticate(frame):
                            return True
                    else:
                        error = Unauthenticated("unauthenticated", "Send auth first.")
                        self.connection.push(encode_error(error, frame.ref))
        except TimeoutError:
            self.connection.close(hub.NOT_AUTHENTICATED)
        return False

    async def _authenticate(self, frame: Frame) -> bool:
        """``auth``, the first or a later one; whether it was good."""
        try:
            token = read_data(frame, _auth_decoder).token
            session = await run_in_thread(identity().resolve, token)
            known = self.connection.session
            if known.device_id and known.device_id != session.device_id:
                raise Unauthenticated("token_invalid", "This token is another device's.")
            await self._welcome(session, frame.ref)
        except AppError as error:
            self.connection.push(encode_error(error, frame.ref))
            return False
        except OperationalError:
            self.connection.push(encode_error(Unavailable(), frame.ref))
            return False
        return True

    async def _welcome(self, session: Session, ref: msgspec.Raw = NO_REF) -> None:
        """Registers the socket first and reads its state after: nothing falls between. Pushes wait
        until ``ready`` is out. Raises Unauthenticated when the device was revoked meanwhile.
        """
        connection, before = self.connection, self.connection.session
        number = connection.session.socket or next(_numbers)
        is_new = connection.session.socket == 0
        connection.session = Session(session.user_id, session.device_id, session.expires_at, number)
        if is_new:
            connection.hold()
            hub.add(connection)
        try:
            hello = await run_in_thread(_hello, connection.session)
        except Exception:
            if is_new:  # as if it had never been let in: it may try again
                hub.remove(connection)
                connection.session = before
                connection.drop_held()
            raise
        connection.release(encode("ready", hello, ref))
        if is_new:
            self.is_welcome = True
            await lifecycle.opened(connection.session)

    # --- Reading -----------------------------------------------------------------------------

    async def _serve(self) -> None:
        self.inbox: deque[tuple[Command, Frame]] = deque()
        self.inbox_worker: asyncio.Task[None] | None = None
        self.in_flight = 0
        self.landed = asyncio.Event()
        try:
            while (frame := await self._next_frame()) is not None:
                await self._take(frame)
        finally:
            if self.inbox_worker is not None:
                self.inbox_worker.cancel()

    async def _leave(self) -> None:
        """However far it came."""
        hub.remove(self.connection)
        self.connection.closed = True
        if self.is_welcome:
            await lifecycle.closed(self.connection.session)

    async def _next_frame(self) -> Frame | None:
        """The next good frame; None when the socket is closed or is being closed for a fault."""
        while True:
            message = await self.receive_message()
            if message["type"] == "websocket.disconnect" or self.connection.closed:
                return None
            self.connection.heard_at = asyncio.get_running_loop().time()
            text = message.get("text")
            size = len(message.get("bytes") or b"") if text is None else utf8_length(text)
            if size > settings.SOCKET_FRAME_MAX_BYTES:
                self.connection.close(FRAME_TOO_LARGE)
                return None
            if settings.RATE_LIMITS and self.bucket.wait():
                self.connection.close(FLOODING)
                return None
            try:
                if text is None:
                    raise Invalid("invalid_frame", "Frames are text.")
                return read_frame(text)
            except AppError as error:
                self.connection.push(
                    encode_error(error, ref_of(message["bytes"] if text is None else text))
                )

    async def _take(self, frame: Frame) -> None:
        if frame.event == "auth":
            await self._authenticate(frame)
            return
        command = commands.get(frame.event)
        if command is None:
            error = Invalid("unknown_event", "There is no such event.")
            self.connection.push(encode_error(error, frame.ref))
            return
        if frame.event == "ping":
            await lifecycle.beat(self.connection.session)
        if command.render is not None:
            await self._start(command, command.render, frame)
            return
        self.inbox.append((command, frame))
        if self.inbox_worker is None:
            self.inbox_worker = asyncio.create_task(self._work_off_inbox())
        elif len(self.inbox) >= settings.SOCKET_INBOX_FRAMES:
            await asyncio.wait([self.inbox_worker])  # reading stops: the sender's TCP waits

    async def _start(self, command: Command, render: Render, frame: Frame) -> None:
        """Starts a command on the loop without waiting for it, while there is room."""
        while self.in_flight >= settings.SOCKET_SENDS_IN_FLIGHT:
            self.landed.clear()
            await self.landed.wait()
        try:
            data = read_data(frame, command.decoder)
            future = command.run(self.connection.session, data)
        except Exception as error:
            await self._refuse_frame(command, frame, error)
            return
        self.in_flight += 1

        def land(done: "asyncio.Future[Any]") -> None:
            self.in_flight -= 1
            self.landed.set()
            if not done.cancelled():
                error = done.exception()
                if error is None:
                    self._reply(command, frame, render(data, done.result()))
                else:
                    self._fail(command, frame, error)

        future.add_done_callback(land)

    async def _work_off_inbox(self) -> None:
        """Runs the waiting commands one at a time, in order."""
        try:
            while self.inbox:
                command, frame = self.inbox.popleft()
                try:
                    data = read_data(frame, command.decoder)
                    reply = await run_in_thread(command.run, self.connection.session, data)
                except Exception as error:
                    await self._refuse_frame(command, frame, error)
                else:
                    self._reply(command, frame, reply)
                await self.connection.written()
        finally:
            self.inbox_worker = None

    def _reply(self, command: Command, frame: Frame, data: Any) -> None:
        if isinstance(data, Reply):
            self.connection.push(encode(data.event, data.data, frame.ref))
        elif command.reply is not None:
            self.connection.push(encode(command.reply, data or {}, frame.ref))

    async def _refuse_frame(self, command: Command, frame: Frame, error: BaseException) -> None:
        """Refuses; what a stranger sends wrong looks as if the thing were not there."""
        if command.guard is not None and type(error) is Invalid:
            try:
                await run_in_thread(command.guard, self.connection.session, bytes(frame.data))
            except Invalid:
                pass
            except Exception as hiding:
                error = hiding
        self._fail(command, frame, error)

    def _fail(self, command: Command, frame: Frame, error: BaseException) -> None:
        """The socket's one renderer of errors."""
        if isinstance(error, OperationalError):
            error = Unavailable()
        elif not isinstance(error, AppError):
            log.error("unexpected", command=command.name, exc_info=error)
            error = Internal()
        self.connection.push(encode_error(error, frame.ref))


def _hello(session: Session) -> dict[str, Any]:
    # A device revoked between the check of its token and the hub would not be closed by anyone.
    if session.device_id not in identity().live([session.device_id]):
        raise Unauthenticated("device_revoked", "This device was signed out.")
    return {**identity().hello(session), "heartbeat": settings.SOCKET_HEARTBEAT_SECONDS}


class Internal(AppError):
    """A bug of the server's; the log has its trace."""

    status = 500

    def __init__(self) -> None:
        super().__init__("internal", "Something went wrong on the server.")


def _allowed_hosts() -> list[str]:
    return settings.ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]"]
