"""Who may open which media: their owner, and whom an app above shows what holds them."""

from collections.abc import Callable, Collection

from core.errors import NotFound
from core.ids import parse_id
from media.models import Medium

#: ``fn(viewer_id, medium_ids)``: those of ``medium_ids`` that the viewer may open now.
Reader = Callable[[int, Collection[int]], Collection[int]]

_readers: list[Reader] = []


def register_reader(reader: Reader) -> Reader:
    """Registers a way to get to see others' media. It is asked at every use, for media that the
    viewer does not own, and answers in queries of a fixed number.
    """
    _readers.append(reader)
    return reader


def openable(viewer_id: int, medium_ids: Collection[int]) -> set[int]:
    """Those of others' ``medium_ids`` that the viewer may open now."""
    found: set[int] = set()
    for reader in _readers:
        rest = set(medium_ids) - found
        if not rest:
            break
        found |= rest.intersection(reader(viewer_id, rest))
    return found


def get_medium(viewer_id: int, medium_id: str) -> Medium:
    """A medium that the viewer may see, with its blob; raises NotFound ``media_not_found``.

    Nobody sees those of an erased person, which it takes a worker a while to delete.
    """
    rows = Medium.objects.select_related("blob").filter(owner__deleted_at=None)
    medium = rows.filter(pk=_parsed(medium_id)).first()
    if medium is None:
        raise media_not_found()
    if medium.owner_id != viewer_id and not openable(viewer_id, [medium.pk]):
        raise media_not_found()
    return medium


def own_media(user_id: int, medium_ids: Collection[str]) -> list[Medium]:
    """The user's own media of ``medium_ids`` as clients send them, in that order, for attaching.

    In one query. Raises NotFound ``media_not_found`` if one is absent or somebody else's.
    """
    wanted = [_parsed(text) for text in medium_ids]
    if not wanted:
        return []
    rows = Medium.objects.select_related("blob").filter(pk__in=wanted, owner_id=user_id)
    found = {medium.pk: medium for medium in rows}
    if not found.keys() >= set(wanted):
        raise media_not_found()
    return [found[medium_id] for medium_id in wanted]


def media_not_found() -> NotFound:
    """Absent, or not the caller's to see."""
    return NotFound("media_not_found", "There is no such file.")


def _parsed(text: str) -> int:
    try:
        return parse_id(text)
    except NotFound as error:
        raise media_not_found() from error
