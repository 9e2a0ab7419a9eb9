"""``python -m media.decoder TASK``."""

import json
import resource
import sys

from media.decoder.task import Refused, Task, say


def _limit(task: Task) -> None:
    """Before a byte is read, and before the libraries that read it are loaded."""
    for what, most in (
        (resource.RLIMIT_AS, task.memory_bytes),
        (resource.RLIMIT_FSIZE, task.output_bytes),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    # First SIGXCPU, by which the sandbox knows why, and were it ignored, SIGKILL.
    resource.setrlimit(resource.RLIMIT_CPU, (task.cpu_seconds, task.cpu_seconds + 2))


def main() -> None:
    """Decodes, and says what it has made or why it refuses."""
    task = Task(**json.loads(sys.argv[1]))
    _limit(task)
    from media.decoder import images, recordings

    make = images.make if task.mime.startswith("image/") else recordings.make
    try:
        say(done=make(task))
    except Refused as refused:
        say(rejected=str(refused))
    except MemoryError:
        say(rejected="too_large")


if __name__ == "__main__":
    main()
