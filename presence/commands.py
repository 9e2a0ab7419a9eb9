"""Socket adapters."""

from presence import tracker
from presence.schemas import ActiveInput
from realtime.registry import command
from realtime.session import Session


@command("active", ActiveInput)
async def active(session: Session, data: ActiveInput) -> None:
    """On the loop, where the tracker lives; it only notes."""
    tracker.set_active(session, data.active)
