"""What statuses tell the apps below, which may not import them."""

from collections.abc import Collection, Iterable

from accounts.erasure import on_erase
from accounts.export import register_section
from media.access import register_reader
from media.hooks import on_processed
from statuses.actions import forget_statuses, tell
from statuses.export import ABOUT, statuses
from statuses.models import Status
from statuses.queries import media_shown_to


@on_processed
def show_again(medium_ids: Collection[int]) -> None:
    """A picture or film can be shown now, or never: all who see the status are told."""
    for status in Status.objects.filter(medium_id__in=medium_ids):
        tell(status)


def _nobody(user_id: int) -> Iterable[int]:
    """Connections are told by their own app."""
    return ()


register_reader(media_shown_to)
on_erase(forget_statuses, _nobody)
register_section(statuses, ABOUT)
