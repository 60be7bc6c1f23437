"""`python -m tests.delivery_matrix [--people N] [--write]`: plays the whole matrix, which takes a quarter of an hour, and prints its tables.

With --write docs/delivery.md has them. Exit status 1 if somebody got two under `skip`, was missed under `resend`, or something untrue is recorded.
"""

import argparse
import sys

from local.fcm import FcmDouble, start
from tests.delivery_matrix import tables
from tests.delivery_matrix.cells import POLICIES, Cell, Played, play
from tests.delivery_matrix.events import EVENTS
from tests.delivery_matrix.faults import FAULTS

PEOPLE = 5_400


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.delivery_matrix")
    parser.add_argument("--people", type=int, default=PEOPLE, help="in each cell")
    parser.add_argument("--write", action="store_true", help="into docs/delivery.md")
    asked = parser.parse_args()
    double = start()
    try:
        matrix = {cell: _shown(cell, double, asked.people) for cell in _cells()}
    finally:
        double.stop()
    block = tables.tables(matrix, asked.people)
    print(block)
    if asked.write:
        tables.DOCUMENT.write_text(tables.in_document(tables.DOCUMENT.read_text(), block))
    return 1 if any(broken(cell, played) for cell, played in matrix.items()) else 0


def broken(cell: Cell, played: Played) -> bool:
    return bool(played.wrong or (played.twice if cell.policy == "skip" else played.missed))


def _cells() -> list[Cell]:
    return [Cell(fault, policy, event) for event in EVENTS for fault in FAULTS for policy in POLICIES]


def _shown(cell: Cell, double: FcmDouble, people: int) -> Played:
    played = play(cell, double, people)
    mark = "  BROKEN" if broken(cell, played) else ""
    counted = f"once {played.once} twice {played.twice} missed {len(played.missed)} unknown {played.count('unknown')} {played.seconds:.1f} s"
    print(f"{cell!s:40} {counted}{mark}", *played.wrong[:3], file=sys.stderr, flush=True)
    return played


if __name__ == "__main__":
    sys.exit(main())
