"""Socket adapters."""

from presence import tracker
from presence.schemas import ActiveInput
from realtime.registry import command
from realtime.session import Session


@command("active", ActiveInput)
def active(session: Session, data: ActiveInput) -> None:
    """A device is active while any of its sockets is."""
    tracker.set_active(session, data.active)
