"""`python -m bench [name ...]`: runs the benchmarks one after another and prints one table."""

import importlib
import sys

from bench.table import show

MODULES = ("collect", "curate", "segments", "layout", "upkeep", "deliver", "delivery", "imports")


def main(names: list[str]) -> int:
    """Exit status 2 if a name is unknown."""
    unknown = sorted(set(names) - set(MODULES))
    if unknown:
        print(f"unknown: {', '.join(unknown)}; there are: {', '.join(MODULES)}", file=sys.stderr)
        return 2
    rows = []
    for name in names or MODULES:
        print(f"… {name}", file=sys.stderr)
        rows += importlib.import_module(f"bench.{name}").rows()
    show(rows)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
