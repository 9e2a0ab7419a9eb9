"""`make bench`: prints the figures that the design promises, measured in one sitting."""

import argparse

from bench import client, fanout, history, pairs, search


def main() -> None:
    """All measurements, or the named ones."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--pairs", type=int, nargs="*", default=[1, 16, 64])
    parser.add_argument("--group", type=int, nargs="*", default=[1000])
    parser.add_argument("--history", type=int, nargs="*", default=[1_000_000])
    parser.add_argument("--search", type=int, nargs="*", default=[1_000_000])
    parser.add_argument("--client", type=int, nargs="*", default=[10_000])
    chosen = parser.parse_args()
    for count in chosen.pairs:
        pairs.measure(count)
    for size in chosen.group:
        fanout.measure(size)
    for messages in chosen.history:
        history.measure(messages)
    for messages in chosen.search:
        search.measure(messages)
    for messages in chosen.client:
        client.measure(messages)


if __name__ == "__main__":
    main()
