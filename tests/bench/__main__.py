"""``python -m tests.bench --only GROUP [--keep]``: one JSON object a line."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator

from tests.bench import day, scheduler
from tests.bench.line import Line

GROUPS: dict[str, Callable[[bool], Iterator[Line]]] = {
    "day": lambda _keep: day.run(),
    "scheduler": scheduler.run,
}


def main() -> int:
    """Run the groups that are asked for."""
    parser = argparse.ArgumentParser(prog="tests.bench", description=__doc__)
    parser.add_argument("--only", default="", help=f"one of: {', '.join(GROUPS)}")
    parser.add_argument(
        "--keep", action="store_true", help="keep values that are better than the best known"
    )
    arguments = parser.parse_args()
    only = arguments.only
    if only and only not in GROUPS:
        parser.error(f"no group {only}")
    for name, group in GROUPS.items():
        if only in {"", name}:
            for line in group(arguments.keep):
                sys.stdout.write(json.dumps(line.as_json()) + "\n")
                sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
