"""The matrix as docs/delivery.md shows it: a row a fault, when nothing happens to the calls, and a row an event, over all faults."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from tests.delivery_matrix.cells import POLICIES, Cell, Played
from tests.delivery_matrix.events import EVENTS
from tests.delivery_matrix.faults import FAULTS

DOCUMENT: Final = Path(__file__).parents[2] / "docs" / "delivery.md"
BEGIN: Final = "<!-- played: `python -m tests.delivery_matrix --write` -->"
END: Final = "<!-- end of what was played -->"

_HEAD: Final = ("once", "twice or more", "not at all", "sent", "unknown", "failed")

Matrix = Mapping[Cell, Played]


def tables(matrix: Matrix, people: int) -> str:
    """Markdown."""
    faults = [
        _row([fault.says, policy], [matrix[Cell(name, policy, "nothing")]], f"{matrix[Cell(name, policy, 'nothing')].seconds:.1f}")
        for name, fault in FAULTS.items()
        for policy in POLICIES
    ]
    events = [
        _row([sentence(happening.__doc__), policy], [matrix[Cell(name, policy, event)] for name in FAULTS])
        for event, happening in EVENTS.items()
        for policy in POLICIES
    ]
    return "\n\n".join(
        [
            f"{people:,} people a row, to each of whom one push is to go; nothing happens to the calls:",
            _table(["what is wrong with FCM", "`when_unsure`", *_HEAD, "seconds"], faults),
            f"Each under all {len(FAULTS)} faults, {people * len(FAULTS):,} people a row:",
            _table(["what happens to the calls", "`when_unsure`", *_HEAD], events),
        ]
    )


def in_document(document: str, block: str) -> str:
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    assert begin and end, f"docs/delivery.md has lost a mark: {BEGIN} or {END}"
    return f"{before}{BEGIN}\n\n{block}\n\n{END}{after}"


def _row(names: list[str], played: Iterable[Played], *more: str) -> list[str]:
    every = list(played)
    truth = [sum(each.once for each in every), sum(each.twice for each in every), sum(len(each.fates) - len(each.accepted) for each in every)]
    recorded = [sum(each.count(outcome) for each in every) for outcome in ("sent", "unknown", "failed")]
    return [*names, *(f"{number:,}" for number in truth + recorded), *more]


def _table(head: list[str], rows: Iterable[list[str]]) -> str:
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [head, ["---"] * 2 + ["--:"] * (len(head) - 2), *rows])


def sentence(docstring: str | None) -> str:
    """What a table says of an event."""
    return (docstring or "").strip().rstrip(".")
