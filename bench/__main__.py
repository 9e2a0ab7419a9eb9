"""`make bench`: prints the figures that the design promises, measured in one sitting."""

import argparse

from bench import fanout, pairs


def main() -> None:
    """All measurements, or the named ones."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--pairs", type=int, nargs="*", default=[1, 16, 64])
    parser.add_argument("--group", type=int, nargs="*", default=[1000])
    chosen = parser.parse_args()
    for count in chosen.pairs:
        pairs.measure(count)
    for size in chosen.group:
        fanout.measure(size)


if __name__ == "__main__":
    main()
