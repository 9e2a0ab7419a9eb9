"""The socket's door to statuses."""

from realtime.registry import command
from realtime.session import Session
from statuses.actions import view_status
from statuses.schemas import Viewed


@command("status:view", Viewed, reply="ok")
def view(session: Session, data: Viewed) -> None:
    """The person looks at a status."""
    view_status(session.user_id, data.status)
