"""Whose pages may act for a visitor who is signed in."""

from urllib.parse import urlsplit

from django.conf import settings


def is_allowed_origin(origin: str, host: str) -> bool:
    """Whether pages of ``origin`` may act for their visitor: the server's own, or ALLOWED_ORIGINS.

    ``null`` and look-alikes (suffixes, other ports) are refused.
    """
    if origin in settings.ALLOWED_ORIGINS:
        return True
    try:
        parts = urlsplit(origin)
    except ValueError:  # half an IPv6 address
        return False
    return parts.scheme in {"http", "https"} and parts.netloc.lower() == host.lower()
