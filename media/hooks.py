"""What media tell the apps above, which they may not import."""

from collections.abc import Callable, Collection

#: ``fn(medium_ids)``
OnProcessed = Callable[[Collection[int]], None]

#: ``fn(owner_id, medium_ids)``
OnForgotten = Callable[[int, Collection[int]], None]

_on_processed: list[OnProcessed] = []
_on_forgotten: list[OnForgotten] = []


def on_processed(callback: OnProcessed) -> OnProcessed:
    """Registers what to do when media became ready or were rejected: in the worker, in the
    transaction that says so, with all media that show the content. Who has locks of its own takes
    them in here; the transaction holds the blob's row.
    """
    _on_processed.append(callback)
    return callback


def processed(medium_ids: Collection[int]) -> None:
    """Tells all that registered, from the top of the house down, as the order of locks has it."""
    for callback in reversed(_on_processed):
        callback(medium_ids)


def on_forgotten(callback: OnForgotten) -> OnForgotten:
    """Registers what to do when all of a person's media are about to go with their account, also
    what others show: in the transaction that erases it, under its row's lock.
    """
    _on_forgotten.append(callback)
    return callback


def forgotten(owner_id: int, medium_ids: Collection[int]) -> None:
    """Tells all that registered."""
    for callback in _on_forgotten:
        callback(owner_id, medium_ids)
