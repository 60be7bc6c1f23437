"""What it costs: dollars per million events, pushes and idle months, from what is counted here and now.

Prints the tables of docs/costs.md; with `--write` that document and the counted figures beside this module are brought up to date.
"""

import sys

from rich.console import Console
from rich.markdown import Markdown

from bench import cost_counts, cost_model, cost_scenarios, cost_tables
from bench.table import WIDTH, BenchRow

EVENTS_USD = 0.25
DEDUPE_USD = 0.03
IDLE_USD = 3.0
GROWTH = 1.2


def rows(*, write: bool = False) -> list[BenchRow]:
    """Each against what it may be at most."""
    counted = cost_scenarios.count()
    block = cost_tables.written(counted)
    if write:
        cost_counts.save(counted)
        cost_tables.DOCUMENT.write_text(cost_tables.in_document(cost_tables.DOCUMENT.read_text(), block))
    Console(width=None if sys.stdout.isatty() else WIDTH).print(Markdown(block))
    return _against_targets(counted)


def _against_targets(counted: cost_counts.Counted) -> list[BenchRow]:
    known, volume = cost_tables.template_facts(), cost_tables.MAIN
    young, old = (cost_model.curated(counted, known, events_a_day=volume, days=days) for days in cost_counts.DAYS)
    million = sum(cost_model.bill(counted, known, events_a_day=volume, days=cost_counts.DAYS[-1]).million().values())
    dedupe = cost_model.dedupe_usd(counted, known, events_a_day=volume, days=cost_counts.DAYS[-1])
    idle = sum(cost_model.idle(counted, known).values())
    grown = max(cost_model.scanned(old) / cost_model.scanned(young), cost_model.requested(old) / cost_model.requested(young))
    note = "the most that it may be; 10 M events a day in batches of 20, curated every 15 minutes"
    return [
        BenchRow("cost: a million events", million, EVENTS_USD, million / EVENTS_USD, "dollars", note),
        BenchRow("cost: dedupe of a million", dedupe, DEDUPE_USD, dedupe / DEDUPE_USD, "dollars", note),
        BenchRow("cost: an idle month", idle, IDLE_USD, idle / IDLE_USD, "dollars", "the most that it may be"),
        BenchRow("cost: curate, day 400 to day 2", grown, GROWTH, grown / GROWTH, "ratio", "the most that it may be; bytes or requests"),
    ]
