"""`make bench`: prints the figures that the design promises, measured in one sitting."""

import argparse

from bench import client, fanout, history, lighthouse, pairs, search

#: Each measurement with the sizes that it is taken at unless others are asked for.
MEASUREMENTS = {
    "pairs": (pairs.measure, [1, 16, 64]),
    "group": (fanout.measure, [1000]),
    "history": (history.measure, [1_000_000]),
    "search": (search.measure, [1_000_000]),
    "client": (client.measure, [10_000]),
    "lighthouse": (lighthouse.measure, [5]),
}


def main() -> None:
    """All measurements, or only the named ones."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    for name, (_, sizes) in MEASUREMENTS.items():
        parser.add_argument(
            f"--{name}", type=int, nargs="*", metavar="SIZE", help=f"instead of {sizes}"
        )
    chosen = vars(parser.parse_args())
    is_all = all(asked is None for asked in chosen.values())
    for name, (measure, sizes) in MEASUREMENTS.items():
        asked = chosen[name]
        if is_all or asked is not None:
            for size in asked or sizes:
                measure(size)


if __name__ == "__main__":
    main()
