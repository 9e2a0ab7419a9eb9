"""What accounts and chat tell the real-time layer, which knows neither."""

from typing import Any

from accounts.devices import live
from accounts.hello import hello as account_hello
from accounts.tokens import session_of
from chat.sync import hello as chat_hello
from core.clock import now, rfc3339
from realtime.session import Identity, Session, provide


def hello(session: Session) -> dict[str, Any]:
    """The data of ``ready``: who is signed in, and where the logs stand."""
    return {**account_hello(session), "server_time": rfc3339(now()), **chat_hello()}


provide(Identity(resolve=session_of, live=live, hello=hello))
