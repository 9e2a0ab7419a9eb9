"""A push service and browsers: over real TLS, and they check and open what they are sent.

Written from RFC 8030, 8188, 8291 and 8292, and not with the code that it tests.
"""

import base64
import datetime
import ipaddress
import json
import os
import ssl
import struct
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.x509.oid import NameOID


def b64(raw: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def un64(text: str) -> bytes:
    """Back."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _hmac(key: bytes, data: bytes) -> bytes:
    h = hmac.HMAC(key, hashes.SHA256())
    h.update(data)
    return h.finalize()


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )


class Browser:
    """One that has subscribed at a push service."""

    def __init__(self, service: "PushService", name: str) -> None:
        self.service = service
        self.name = name
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = os.urandom(16)
        service.browsers[f"/push/{name}"] = self

    @property
    def subscription(self) -> dict[str, Any]:
        """As the browser's own object writes itself."""
        return {
            "endpoint": f"{self.service.origin}/push/{self.name}",
            "expirationTime": None,
            "keys": {"p256dh": b64(_point(self.key.public_key())), "auth": b64(self.auth)},
        }

    def open(self, body: bytes) -> Any:
        """What is in a push."""
        salt, size, length = body[:16], *struct.unpack("!IB", body[16:21])
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        assert len(sealed) <= size <= 4096
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        shared = self.key.exchange(ec.ECDH(), theirs)
        mine = _point(self.key.public_key())
        info = b"WebPush: info\0" + mine + sender + b"\1"
        secret = _hmac(salt, _hmac(_hmac(self.auth, shared), info))
        key = _hmac(secret, b"Content-Encoding: aes128gcm\0\1")[:16]
        nonce = _hmac(secret, b"Content-Encoding: nonce\0\1")[:12]
        plain = AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\0")
        assert plain[-1:] == b"\2", "the last record"
        return json.loads(plain[:-1])

    def take(self) -> list[Any]:
        """What was pushed since the last look."""
        return self.service.pushed.pop(self.name, [])


class PushService:
    """What it was sent, by browser; ``answers`` are statuses and headers to give first."""

    def __init__(self) -> None:
        self.origin = ""
        self.browsers: dict[str, Browser] = {}
        self.pushed: dict[str, list[Any]] = defaultdict(list)
        self.answers: list[tuple[int, dict[str, str]]] = []
        self.requests: list[dict[str, str]] = []
        self.troubles: list[str] = []

    def push(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str]]:
        """One push: opened by the browser that it is for, unless the service refuses it."""
        self.requests.append(headers)
        if self.answers:
            return self.answers.pop(0)
        browser = self.browsers.get(path)
        if browser is None:
            return 410, {}
        try:
            self._check(headers)
            self.pushed[browser.name].append(browser.open(body))
        except Exception as error:
            self.troubles.append(repr(error))
            return 400, {}
        return 201, {}

    def _check(self, headers: dict[str, str]) -> None:
        scheme, _, parameters = headers["authorization"].partition(" ")
        assert scheme == "vapid"
        given = dict(part.strip().split("=", 1) for part in parameters.split(","))
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), un64(given["k"]))
        claims = jwt.decode(given["t"], key, algorithms=["ES256"], audience=self.origin)
        assert set(claims) == {"aud", "exp", "sub"}
        assert claims["sub"].startswith(("mailto:", "https:"))
        assert claims["exp"] - datetime.datetime.now(datetime.UTC).timestamp() < 24 * 3600
        assert headers["content-encoding"] == "aes128gcm"
        assert int(headers["ttl"]) > 0
        assert len(headers["topic"]) <= 32


def _certificate(directory: Path) -> Path:
    """For 127.0.0.1, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), False)
        .sign(key, hashes.SHA256())
    )
    pem = directory / "service.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM) + private)
    return pem


@contextmanager
def serving(directory: Path) -> Iterator[tuple[PushService, Path]]:
    """A push service that runs, and the certificate to trust."""
    service = PushService()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, more = service.push(self.path, headers, body)
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    pem = _certificate(directory)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    service.origin = f"https://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield service, pem
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
