"""Ending background tasks properly."""

import asyncio


async def end(tasks: "list[asyncio.Task[None]]") -> None:
    """Cancels tasks and waits until they have let go of what they hold; empties the list."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    tasks.clear()
