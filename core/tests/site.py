"""A web site of one function, over real sockets."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Answer = Callable[[socket.socket, bytes], None]


class Site:
    """Answers each connection by a function of it and of the request's head."""

    def __init__(self, answer: Answer, tls: ssl.SSLContext | None) -> None:
        self.answer = answer
        self.tls = tls
        #: The head of each request, and of what was no request an empty one.
        self.heads: list[bytes] = []
        #: For answers that wait: set when the site closes.
        self.is_over = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]

    def serve(self) -> None:
        """Until it is over; one connection at a time."""
        while True:
            connection, _ = self.listener.accept()
            if self.is_over.is_set():
                connection.close()
                return
            try:
                with self.tls.wrap_socket(connection, True) if self.tls else connection as client:
                    client.settimeout(10)
                    head = b""
                    while b"\r\n\r\n" not in head and (more := client.recv(65536)):
                        head += more
                    self.heads.append(head)
                    self.answer(client, head)
            except OSError:  # the client has gone
                pass

    def url(self, path: str = "/", host: str = "127.0.0.1", scheme: str = "http") -> str:
        """An address on it."""
        return f"{scheme}://{host}:{self.port}{path}"


@contextmanager
def serving(answer: Answer, tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    """A site that runs; afterwards its thread has ended."""
    site = Site(answer, tls)
    thread = threading.Thread(target=site.serve)
    thread.start()
    try:
        yield site
    finally:
        site.is_over.set()
        # Closing alone does not wake an accept.
        with socket.create_connection(("127.0.0.1", site.port)):
            pass
        thread.join(10)
        site.listener.close()


def html(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """An HTTP answer."""
    lines = [f"HTTP/1.1 {status}", "Content-Type: text/html; charset=utf-8", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def says(answer: bytes) -> Answer:
    """The same answer to everybody."""
    return lambda client, head: client.sendall(answer)
