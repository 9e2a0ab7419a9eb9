"""Sealing a push so that only the browser can read it (RFC 8291, RFC 8188)."""

import base64
import os
import struct

from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDH,
    SECP256R1,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

# One record holds all: push services take 4,096 bytes.
_RECORD_BYTES = 4096
_LAST_RECORD = b"\x02"


def seal(plain: bytes, p256dh: str, auth: str) -> bytes:
    """The body of a push, ``aes128gcm``, for a browser's keys; ValueError for what are no keys."""
    browser = key_of_browser(p256dh)
    ours = generate_private_key(SECP256R1())
    our_point, salt = point_of(ours.public_key()), os.urandom(16)
    # RFC 8291, section 3.4.
    info = b"WebPush: info\0" + point_of(browser) + our_point
    secret = _derive(ours.exchange(ECDH(), browser), secret_of_browser(auth), info, 32)
    # RFC 8188, section 2.
    key = _derive(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derive(secret, salt, b"Content-Encoding: nonce\0", 12)
    header = salt + struct.pack("!IB", _RECORD_BYTES, len(our_point)) + our_point
    return header + AESGCM(key).encrypt(nonce, plain + _LAST_RECORD, None)


def key_of_browser(p256dh: str) -> EllipticCurvePublicKey:
    """The public key of a subscription; ValueError."""
    return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), from_base64(p256dh))


def secret_of_browser(auth: str) -> bytes:
    """The secret of a subscription, 16 bytes; ValueError."""
    secret = from_base64(auth)
    if len(secret) != 16:
        raise ValueError("16 bytes in base64url")
    return secret


def point_of(key: EllipticCurvePublicKey) -> bytes:
    """A public key as 65 bytes, uncompressed."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def to_base64(raw: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def from_base64(text: str) -> bytes:
    """From base64url, padded or not; ValueError."""
    padded = text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4)
    return base64.b64decode(padded.encode("ascii"), b"-_", validate=True)


def _derive(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(secret)
