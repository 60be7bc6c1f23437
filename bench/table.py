"""The rows that benchmarks give and the table that they are printed as."""

import sys
from collections.abc import Sequence
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

WIDTH = 150
"""Columns, where no terminal says how many there are."""


class BenchRow(NamedTuple):
    """One comparison: `ours` and `peer` in `unit`, measured in the same run; `ratio` is ours / peer; `note` says what the peer is."""

    name: str
    ours: float
    peer: float
    ratio: float
    unit: str
    note: str


def show(rows: Sequence[BenchRow]) -> None:
    """Prints one table on standard output."""
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    table = Table(title="ours against a peer in the same run: keep the ratios, bare figures depend on the machine")
    table.add_column("what")
    for heading in ("ours", "peer", "ratio"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("unit", no_wrap=True)
    table.add_column("peer is")
    for row in rows:
        table.add_row(row.name, _figure(row.ours), _figure(row.peer), f"{_figure(row.ratio)} x", row.unit, row.note)
    console.print(table)


def _figure(value: float) -> str:
    """Three significant digits."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
