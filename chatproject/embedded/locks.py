"""Who uses a DATA_DIR: file locks that the kernel drops with their process, `kill -9` included."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Locked(Exception):
    """Somebody else kept the lock for as long as we were willing to wait."""


@contextmanager
def hold(path: Path, *, shared: bool = False, wait_seconds: float = 0.0) -> Iterator[None]:
    """Hold the lock of the file `path`, made if missing. Raises `Locked` after `wait_seconds`."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(descriptor, fcntl.LOCK_SH if shared else fcntl.LOCK_EX, wait_seconds)
        yield
    finally:
        os.close(descriptor)


def is_held(path: Path) -> bool:
    """Whether some process, this one included, holds the lock exclusively."""
    try:
        with hold(path, shared=True):
            return False
    except Locked:
        return True


def _lock(descriptor: int, kind: int, wait_seconds: float) -> None:
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            return fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise Locked from None
            time.sleep(0.05)
