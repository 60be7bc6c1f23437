"""`regulars quality`: how good the data are lately."""

from typing import Annotated

import typer

from .client import Document
from .command import Session
from .logs import moment_of
from .output import price, print_table

Since = Annotated[str, typer.Option("--since", metavar="SPAN|TIME", help="What came into the lake from then on: 10m, 2h, 7d, or a TIME.")]


def quality(session: Session, since: Since = "7d") -> None:
    """Show how good the data are: what was accepted, corrected and refused, how fresh it is, whose, whether there is as much as usual, and which
    properties are not what they were.

    With --json: {"window", "sources": [{"source", "accepted", "corrected", "quarantined", "replayed", "bots", "tests"}],
    "corrections": [{"rule", "count"}], "quarantined": [{"reason", "source", "count", "replayed"}],
    "freshness": {"p50_s", "p95_s"}, "identity": {"user", "claimed", "anonymous"}, "volume": [{"event", "count", "median", "enough", "anomaly"}],
    "drift": [{"event", "property", "kind": "null"|"type", "before": {NAME: SHARE}, "now": {NAME: SHARE}, "change"}], "bytes_scanned", "cost_usd"}. Of
    kind null a NAME is absent or null, of kind type a JSON type; a SHARE is from 0 to 1.
    """
    begun = session.api.post("quality-checks", body={"since": moment_of(since).isoformat()})
    found = session.answer("quality", "quality-checks", begun)
    price = {name: found[name] for name in ("bytes_scanned", "cost_usd")}
    session.show({"window": found["window"], **found["check"], **price}, _print_quality)


def _print_quality(it: Document) -> None:
    print(f"in the lake since {it['window']['since']}:")
    _print_rows(it["sources"], ("source", "accepted", "corrected", "quarantined", "replayed", "bots", "tests"), texts=("source",))
    _print_rows(it["corrections"], ("rule", "count"), texts=("rule",))
    _print_rows(it["quarantined"], ("reason", "source", "count", "replayed"), texts=("reason", "source"))
    _print_rows(it["volume"], ("event", "count", "median", "anomaly"), texts=("event", "anomaly"))
    if it["volume"]:
        print("count: of yesterday (UTC); median: of that weekday in the eight weeks before")
    _print_drift(it["drift"])
    fresh, whose = it["freshness"], it["identity"]
    if fresh["p50_s"] is not None:
        print(f"in the lake after {fresh['p50_s']:,} s (half of them), {fresh['p95_s']:,} s (95 %)")
    print(f"{whose['user']:,} events of people, {whose['claimed']:,} anonymous ones claimed since, {whose['anonymous']:,} of nobody known", end="  ")
    print(f"({price(it)})")


def _print_drift(drifts: list[Document]) -> None:
    rows = [{**drift, **{period: _shares(drift[period]) for period in ("before", "now")}} for drift in drifts]
    _print_rows(rows, ("event", "property", "kind", "before", "now"), texts=("event", "property", "kind", "before", "now"))


def _shares(shares: Document) -> str:
    return ", ".join(f"{name} {share:.0%}".replace("%", " %") for name, share in shares.items())


def _print_rows(rows: list[Document], columns: tuple[str, ...], *, texts: tuple[str, ...]) -> None:
    if rows:
        print_table(columns, [[row.get(name) for name in columns] for row in rows], right=[name for name in columns if name not in texts])
