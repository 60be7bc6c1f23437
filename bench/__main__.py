"""`python -m bench [name ...]`: runs the benchmarks one after another and prints one table. `cost --write` brings docs/costs.md up to date;
`million` and `effects` take many minutes and run only by their names."""

import sys

from bench.alone import measured
from bench.table import BenchRow, show

MODULES = (
    "collect",
    "bulk",
    "file_import",
    "curate",
    "segments",
    "measure",
    "layout",
    "upkeep",
    "deliver",
    "delivery",
    "promises",
    "preflight",
    "journeys",
    "journey_steps",
    "imports",
    "console",
    "cost",
)
NAMED_ONLY = ("million", "effects")
WRITE = "--write"


def main(names: list[str]) -> int:
    """Exit status 2 if a name is unknown."""
    names, write = [name for name in names if name != WRITE], WRITE in names
    unknown = sorted(set(names) - {*MODULES, *NAMED_ONLY})
    if unknown:
        print(f"unknown: {', '.join(unknown)}; there are: {', '.join((*MODULES, *NAMED_ONLY))}", file=sys.stderr)
        return 2
    if write and "cost" not in names:
        print(f"{WRITE} is of cost alone: name it", file=sys.stderr)
        return 2
    rows: list[BenchRow] = []
    for name in names or MODULES:
        print(f"… {name}", file=sys.stderr)
        rows += measured(name, write=write and name == "cost")
    show(rows)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
