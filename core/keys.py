"""Keys for each purpose, derived from the one secret of the installation."""

from functools import cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


@cache
def derived_key(purpose: str) -> bytes:
    """32 bytes for ``purpose`` from SECRET_KEY by HKDF-SHA256 (RFC 5869).

    A key that leaks for one purpose tells nothing about the others.
    """
    hkdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"chatproject:{purpose}".encode())
    return hkdf.derive(settings.SECRET_KEY.encode())
