"""How far a run is, as a bar at a terminal: the people who have had their turn, how many have it a second, and how long the rest takes.

Where standard error is no terminal there is none, and rich is not imported.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from .client import Document

_WIDEST: Final = 40
"""Columns of the bar itself."""
_TEXT: Final = 65
"""Columns that the words beside it need, with a million people."""


@contextmanager
def run_bar() -> Iterator[Callable[[Document], None]]:
    """What is yielded is to be given each look at the run."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    console = Console(stderr=True, markup=False, highlight=False)
    width = min(_WIDEST, max(1, console.width - _TEXT))
    columns = (TextColumn("{task.description}", markup=False), BarColumn(width), TextColumn("{task.fields[told]}", markup=False))
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=None, told="")

        def show(run: Document) -> None:
            had, all_ = turns(run)
            told = waiting(run) or pace(run)
            progress.update(task, description=run["state"], total=all_ or None, completed=had, told=told)

        yield show


def turns(run: Document) -> tuple[int, int]:
    """How many people have had their turn, and of how many."""
    counts = run.get("counts") or {}
    treated = counts.get("treated", 0)
    return treated - (counts.get("skipped") or {}).get("not_reached", 0), treated


def pace(run: Document) -> str:
    """`1,234 of 5,000 people, 812 a second, 5 s left`, as far as it is known."""
    had, treated = turns(run)
    told = [f"{had:,} of {treated:,} people"] if treated else []
    if per_second := run.get("per_second"):
        told.append(f"{per_second:,.0f} a second" if per_second >= 10 else f"{per_second:.1f} a second")
    if (left := run.get("seconds_left")) is not None:
        told.append(f"{_span(left)} left")
    return ", ".join(told)


def waiting(run: Document) -> str:
    """`1,200 wait for their hour, the first until 2026-11-27T06:00:00Z`; empty where nobody does."""
    held = run.get("held")
    return f"{held:,} wait for their hour, the first until {run.get('held_until')}" if held else ""


def _span(seconds: float) -> str:
    """`5 s`, `12 min`, `3 h 05 min`."""
    minutes = round(seconds / 60)
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60:02} min"
