"""What media tell the apps above, which they may not import."""

from collections.abc import Callable

#: ``fn(medium_id)``
OnProcessed = Callable[[int], None]

_on_processed: list[OnProcessed] = []


def on_processed(callback: OnProcessed) -> OnProcessed:
    """Registers what to do when a medium became ready or was rejected: in the worker, in the
    transaction that says so, for each medium that shows the content. Who has locks of its own takes
    them in here; the transaction holds the blob's row.
    """
    _on_processed.append(callback)
    return callback


def processed(medium_id: int) -> None:
    """Tells all that registered."""
    for callback in _on_processed:
        callback(medium_id)
