"""Who the server is to push services: a signed statement with each push (RFC 8292)."""

import time
from functools import cache
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    derive_private_key,
)
from django.conf import settings

from core.keys import derived_key
from notifications.webpush import from_base64, point_of, to_base64

# RFC 8292 allows a day.
_LIFETIME_SECONDS = 12 * 3600


def private_key() -> EllipticCurvePrivateKey:
    """VAPID_PRIVATE_KEY, or else one made of SECRET_KEY; ValueError for what is no key of P-256.

    It has to stay: browsers that subscribed with its public key are pushed to with no other.
    """
    text: str = settings.VAPID_PRIVATE_KEY
    return _key(from_base64(text) if text else derived_key("vapid"))


def public_key() -> str:
    """What browsers subscribe with: the uncompressed point in base64url."""
    return to_base64(point_of(private_key().public_key()))


def authorization(endpoint: str) -> str:
    """The Authorization header of a push to ``endpoint``."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(time.time()) + _LIFETIME_SECONDS,
        "sub": settings.VAPID_SUBJECT,
    }
    return f"vapid t={jwt.encode(claims, private_key(), algorithm='ES256')}, k={public_key()}"


@cache
def _key(raw: bytes) -> EllipticCurvePrivateKey:
    if len(raw) != 32:
        raise ValueError("32 bytes in base64url")
    return derive_private_key(int.from_bytes(raw), SECP256R1())
