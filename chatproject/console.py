"""What the launcher's parts say, as prefixed lines on standard error."""

import queue
import sys
import threading


class Console:
    """Writes lines from a thread of its own: a reader that stops reading never stops the launcher.

    Lines that do not fit into the queue meanwhile are dropped.
    """

    def __init__(self) -> None:
        self._lines: queue.Queue[str] = queue.Queue(maxsize=1000)
        threading.Thread(target=self._write, name="console", daemon=True).start()

    def say(self, name: str, text: str) -> None:
        """Show one line of the part called `name`."""
        try:
            self._lines.put_nowait(f"{name:>8} | {text}\n")
        except queue.Full:
            pass

    def _write(self) -> None:
        while True:
            line = self._lines.get()
            try:
                sys.stderr.write(line)
                sys.stderr.flush()
            except (OSError, ValueError):
                return  # Nobody listens any more.
