"""Who of the staff may do what, and to whom."""

from accounts.models import User
from core.errors import Forbidden


def require(staff: User, permission: str) -> None:
    """Raises Forbidden unless the member of staff has the permission of this app."""
    if not (staff.is_staff and staff.has_perm(f"moderation.{permission}")):
        raise Forbidden("forbidden", "You may not do this.")
