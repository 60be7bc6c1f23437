"""`regulars segment backtest`: a segment's size day by day, as a chart and a table."""

from collections.abc import Sequence
from typing import Annotated, Final

import typer

from .client import Document
from .command import Session
from .output import price, print_table

Start = Annotated[str, typer.Option("--from", metavar="TIME", help="The first moment, as in 2017-07-01.", show_default=False)]
End = Annotated[str, typer.Option("--to", metavar="TIME", help="The last moment, at the latest now.", show_default=False)]
Every = Annotated[str, typer.Option("--every", metavar="SPAN", help="From one moment to the next: 1d, 12h, 1w. 366 moments at most.")]

WIDTH: Final = 60
"""Columns of a chart, at most: with its scale it fits into 80."""
HEIGHT: Final = 8
"""Lines of a chart."""
_EIGHTHS: Final = " ▁▂▃▄▅▆▇█"


def backtest(session: Session, segment: str, body: Document) -> None:
    """Waits for the days, and shows them."""
    begun = session.api.post("segments", segment, "backtests", body=body)
    done = session.answer(f"backtest of {segment}", "backtests", begun)
    session.show({name: done[name] for name in ("days", "bytes_scanned", "cost_usd")}, _print)


def chart(counts: Sequence[int]) -> list[str]:
    """Lines of columns from 0 up to the largest count; where there are more counts than WIDTH, a column shows the last of several."""
    group = -(-len(counts) // WIDTH)
    shown = [counts[min(last, len(counts) - 1)] for last in range(group - 1, len(counts) + group - 1, group)]
    top = max(shown)
    heights = [-(-count * HEIGHT * 8 // top) if top else 0 for count in shown]
    scale = {HEIGHT - 1: f"{top:,}", 0: "0"}
    margin = max(len(text) for text in scale.values())
    lines = ["".join(_EIGHTHS[min(8, max(0, height - 8 * level))] for height in heights) for level in range(HEIGHT)]
    return [f"{scale.get(level, ''):>{margin}} |{lines[level]}".rstrip() for level in reversed(range(HEIGHT))]


def _print(it: Document) -> None:
    days = it["days"]
    print("\n".join(chart([day["count"] for day in days])), end="\n\n")
    rows = [[_moment(day["at"]), f"{day['count']:,}", f"+ {day['entered']:,}", f"- {day['left']:,}"] for day in days]
    print_table(("as of", "people", "entered", "left"), rows, right=["people", "entered", "left"])
    print(f"\n{price(it)}")


def _moment(at: str) -> str:
    """Midnights are days."""
    return at.removesuffix("T00:00:00Z")
