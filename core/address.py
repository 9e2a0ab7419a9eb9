"""Where a request comes from."""

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request


def client_ip(request: Request | HttpRequest) -> str:
    """The caller's address: the peer's, or what TRUSTED_PROXIES many proxies in front have seen."""
    if settings.TRUSTED_PROXIES:
        hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if len(hops) >= settings.TRUSTED_PROXIES:
            hop: str = hops[-settings.TRUSTED_PROXIES]
            return hop.strip()
    address: str = request.META.get("REMOTE_ADDR") or "unknown"
    return address
