"""Where devices find their way to each other: STUN, and TURN with credentials that end soon."""

import base64
import hashlib
import hmac
from datetime import timedelta

from django.conf import settings

from calls.payloads import IceServer, IceServers
from core.clock import now, rfc3339


def ice_servers(user_id: int) -> IceServers:
    """The servers for one person, good for TURN_LIFETIME seconds.

    TURN credentials are of the shared-secret scheme that coturn speaks (draft-uberti-behave-turn-
    rest): the user name is when it ends and whose it is, the password an HMAC-SHA1 of that.
    """
    expires_at = now() + timedelta(seconds=settings.TURN_LIFETIME)
    servers: list[IceServer] = []
    if settings.STUN_URLS:
        servers.append({"urls": settings.STUN_URLS})
    if settings.TURN_URLS:
        username = f"{int(expires_at.timestamp())}:{user_id}"
        digest = hmac.new(settings.TURN_SECRET.encode(), username.encode(), hashlib.sha1).digest()
        credential = base64.b64encode(digest).decode()
        servers.append({"urls": settings.TURN_URLS, "username": username, "credential": credential})
    return {"ice_servers": servers, "expires_at": rfc3339(expires_at)}
