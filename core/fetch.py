"""The way out: HTTP to addresses that strangers have chosen, which must never lead inside.

A host is resolved once, every address it has is judged, and the connection is made to an address
that was judged, never to the name again: no second answer of a name server can lead elsewhere.
Nothing of ours goes along: no cookies, no credentials, no proxies of the environment. Time and
bytes are bounded in total, over all redirects, however slowly or endlessly the other side talks.
"""

import io
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse, IncompleteRead
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import quote, urljoin, urlsplit

import idna
from django.conf import settings

#: From a host name, or an address in any spelling, to addresses.
Resolver = Callable[[str], list[str]]

_DEFAULT_PORTS = {"http": 80, "https": 443}
_ADDRESSES_TRIED = 4
_READ_BYTES = 16 * 1024
#: What paths and queries hold besides letters and digits; the rest is percent-encoded.
_SAFE = "%/:?[]@!$&'()*+,;=-._~|"

# The system's resolver takes no time limit; one that hangs holds up no more than these threads.
_resolvers = ThreadPoolExecutor(8, thread_name_prefix="resolver")

#: What is not the public internet: IANA's registries of special-purpose addresses and multicast.
#: Spelled out, because `ipaddress.is_global` has changed its mind with versions of Python.
_SPECIAL = [
    ip_network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carriers' NAT, and metadata of some clouds
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's platform, at a public address
        "169.254.0.0/16",  # link-local, and metadata of most clouds
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "2001::/23",  # protocols, with Teredo
        "2001:db8::/32",
        "2002::/16",  # 6to4: an IPv4 address in it
        "3fff::/20",
    )
]
#: All other IPv6 is special, with ::1, IPv4 in IPv6, unique local, link-local and multicast.
_GLOBAL_IPV6 = ip_network("2000::/3")
#: IPv4 as networks with IPv6 alone reach it: as good as what is in it.
_NAT64 = ip_network("64:ff9b::/96")


class FetchError(Exception):
    """Nothing was fetched: refused, not reachable, too slow, or not what was asked for."""


@dataclass(slots=True)
class Budget:
    """What one errand may cost in all: FETCH_SECONDS from now, and FETCH_MAX_BYTES to read."""

    until: float = field(default_factory=lambda: time.monotonic() + settings.FETCH_SECONDS)
    bytes_left: int = field(default_factory=lambda: settings.FETCH_MAX_BYTES)

    def seconds_left(self) -> float:
        """More than 0, or TimeoutError."""
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError("it took too long")
        return left


@dataclass(frozen=True, slots=True)
class Place:
    """A URL that was judged: where to connect, and what to say there."""

    scheme: str
    host: str
    port: int
    #: Path and query.
    target: str
    #: What ``host`` is resolved to, all of it allowed.
    addresses: list[str]


@dataclass(frozen=True, slots=True)
class Page:
    """What was fetched; ``url`` is the last one of the redirects, ``body`` may have been cut."""

    url: str
    charset: str | None
    body: bytes


def is_allowed(address: str) -> bool:
    """Whether an address is one of the public internet, or of FETCH_ALLOWED_NETWORKS."""
    ip = ip_address(address)
    if any(ip in network for network in settings.FETCH_ALLOWED_NETWORKS):
        return True
    if ip in _NAT64:
        ip = IPv4Address(int(ip) & 0xFFFFFFFF)
    if isinstance(ip, IPv6Address) and ip not in _GLOBAL_IPV6:
        return False
    return not any(ip in network for network in _SPECIAL)


def resolve(host: str) -> list[str]:
    """The addresses of a host by the system's resolver, which also reads ``0x7f.1``; OSError."""
    found = socket.getaddrinfo(host.encode("ascii"), None, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


def locate(
    url: str,
    *,
    schemes: Collection[str] = ("http", "https"),
    resolver: Resolver = resolve,
    budget: Budget | None = None,
) -> Place:
    """Judges a URL and resolves its host, once. Raises FetchError.

    Refused are other schemes, ports that are not in FETCH_PORTS, user names, and hosts that have
    an address, be it one of many, that is not allowed.
    """
    with _failures():
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
        if parts.scheme not in schemes or not 0 < len(host) <= 253 or "@" in parts.netloc:
            raise FetchError("no such address is asked")
        port = parts.port or _DEFAULT_PORTS[parts.scheme]
        if port not in settings.FETCH_PORTS:
            raise FetchError("no such port is asked")
        if not host.isascii():
            host = idna.encode(host, uts46=True).decode()
        found = _resolved(host, resolver, budget or Budget())
        addresses = [str(ip_address(address)) for address in dict.fromkeys(found)]
        if not addresses or not all(is_allowed(address) for address in addresses):
            raise FetchError("the host is not on the public internet")
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        return Place(
            parts.scheme, host, port, quote(target, safe=_SAFE), addresses[:_ADDRESSES_TRIED]
        )


def _resolved(host: str, resolver: Resolver, budget: Budget) -> list[str]:
    finding = _resolvers.submit(resolver, host)
    try:
        return finding.result(budget.seconds_left())
    finally:
        finding.cancel()  # where it still waits for a thread, nobody wants it any more


@contextmanager
def exchange(
    method: str,
    place: Place,
    *,
    headers: Mapping[str, str],
    body: bytes | None = None,
    budget: Budget,
) -> Iterator[HTTPResponse]:
    """Sends one request and gives the response, to be read inside. Raises FetchError.

    Redirects are not followed. The certificate must be good for the host's name.
    """
    default = place.port == _DEFAULT_PORTS[place.scheme]
    host = f"[{place.host}]" if ":" in place.host else place.host
    with _failures(), _connect(place, budget) as connected:
        http = HTTPConnection(place.host, place.port)
        http.sock = _Wire(connected, budget)
        own = {
            "Host": host if default else f"{host}:{place.port}",
            "User-Agent": f"chatproject/{settings.VERSION}",
            "Connection": "close",
        }
        http.request(method, place.target, body, own | dict(headers))
        yield http.getresponse()


def fetch(url: str, types: Collection[str], resolver: Resolver = resolve) -> Page:
    """Gets a page of one of the content types, following up to FETCH_REDIRECTS redirects, each
    judged like the first. Raises FetchError.

    What is longer than FETCH_MAX_BYTES, in transfer or unpacked, is cut.
    """
    budget = Budget()
    headers = {"Accept": ", ".join(types), "Accept-Encoding": "gzip"}
    for _ in range(1 + settings.FETCH_REDIRECTS):
        place = locate(url, resolver=resolver, budget=budget)
        with exchange("GET", place, headers=headers, budget=budget) as response:
            location = response.headers.get("Location")
            if response.status not in {301, 302, 303, 307, 308} or location is None:
                return _page(url, response, types)
            url = urljoin(url, location)
    raise FetchError("too many redirects")


def _page(url: str, response: HTTPResponse, types: Collection[str]) -> Page:
    if response.status != 200:
        raise FetchError(f"the answer was {response.status}")
    if response.headers.get_content_type() not in types:
        raise FetchError("of another content type")
    body = bytearray()
    # What has come until the bytes are used up, or the other side hangs up, is taken.
    with suppress(IncompleteRead):
        while piece := response.read(_READ_BYTES):
            body += piece
    match response.headers.get("Content-Encoding", "identity").lower():
        case "identity":
            plain = bytes(body)
        case "gzip":
            unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
            plain = unpacker.decompress(body, settings.FETCH_MAX_BYTES)
        case other:
            raise FetchError(f"encoded as {other}")
    return Page(url, response.headers.get_content_charset(), plain)


def _connect(place: Place, budget: Budget) -> socket.socket:
    """Connected to the first address that answers, each with an equal share of the time."""
    failure: OSError = OSError("no address")
    for n, address in enumerate(place.addresses):
        seconds = budget.seconds_left() / (len(place.addresses) - n)
        try:
            connected = socket.create_connection((address, place.port), seconds)
        except OSError as error:
            failure = error
        else:
            break
    else:
        raise failure
    if place.scheme == "http":
        return connected
    connected.settimeout(budget.seconds_left())  # the whole handshake's
    return ssl.create_default_context().wrap_socket(connected, server_hostname=place.host)


class _Wire(io.RawIOBase):
    """A socket as http.client uses one, which ends with the budget.

    A time limit of the socket's own would begin anew with each byte of a slow server.
    """

    def __init__(self, connected: socket.socket, budget: Budget) -> None:
        self._socket = connected
        self._budget = budget

    def sendall(self, data: bytes) -> None:
        """See socket."""
        self._socket.settimeout(self._budget.seconds_left())
        self._socket.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        """See socket; it is only ever read."""
        return io.BufferedReader(self)

    def readable(self) -> bool:
        """See io."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # of BufferedReader
        """Up to what is left; then as if the other side had hung up."""
        size = min(len(buffer), self._budget.bytes_left)
        if not size:
            return 0
        self._socket.settimeout(self._budget.seconds_left())
        count = self._socket.recv_into(buffer[:size])
        self._budget.bytes_left -= count
        return count

    def close(self) -> None:
        """Whoever has connected closes; http.client would, before the body is read."""


@contextmanager
def _failures() -> Iterator[None]:
    """All that a strange URL, resolver or server can cause, as FetchError."""
    try:
        yield
    # ValueError comes of URLs, addresses and names that are none.
    except (OSError, HTTPException, ValueError, zlib.error) as error:
        raise FetchError(f"{type(error).__name__}: {error}") from error
