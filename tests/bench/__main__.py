"""``python -m tests.bench --only GROUP``: one JSON object a line."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator

from tests.bench import day
from tests.bench.line import Line

GROUPS: dict[str, Callable[[], Iterator[Line]]] = {"day": day.run}


def main() -> int:
    """Run the groups that are asked for."""
    parser = argparse.ArgumentParser(prog="tests.bench", description=__doc__)
    parser.add_argument("--only", default="", help=f"one of: {', '.join(GROUPS)}")
    only = parser.parse_args().only
    if only and only not in GROUPS:
        parser.error(f"no group {only}")
    for name, group in GROUPS.items():
        if only in {"", name}:
            for line in group():
                sys.stdout.write(json.dumps(line.as_json()) + "\n")
                sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
