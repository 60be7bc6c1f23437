"""The figures of docs/costs.md: made from what was counted last, the template and the price table, and held to them by a test.

`python -m bench.cost_tables` makes them anew without counting: after a change of a price, or of an alarm.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from bench import cost_model as model
from bench import traffic
from bench.cost_counts import DAYS, Counted, saved
from bench.cost_template import Facts, facts
from regulars.domain import prices

ROOT: Final = Path(__file__).parents[1]
DOCUMENT: Final = ROOT / "docs" / "costs.md"
BEGIN: Final = '<!-- counted: `make bench ARGS="cost --write"` -->'
END: Final = "<!-- /counted -->"
VOLUMES: Final = (1_000_000, 10_000_000, 100_000_000)
MAIN: Final = 10_000_000


@cache
def template_facts() -> Facts:
    """Of template.yaml as it is."""
    from local.template.translate import load_template

    return facts(load_template(ROOT / "template.yaml"))


def written(counted: Counted) -> str:
    """The whole block between the marks, in Markdown."""
    known = template_facts()
    return "\n\n".join(
        (
            f"Counted on {counted.at}, at the prices of {prices.AS_OF:%Y-%m-%d} in {prices.REGION}.",
            "### Events\n\n" + _events(counted, known),
            "### The same at 10 million a day, by service\n\n" + _services(counted, known),
            "### Growth\n\n" + _growth(counted, known),
            "### Pushes\n\n" + _pushes(counted),
            "### Idle\n\n" + _idle(counted, known),
            "### Prices\n\n" + _prices(),
        )
    )


def in_document(text: str, block: str) -> str:
    """The document with the block between its marks. Raises ValueError where it has none."""
    before, mark, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not mark or not end:
        raise ValueError(f"the document has no {BEGIN} with an {END} after it")
    return f"{before}{BEGIN}\n\n{block}\n\n{END}{after}"


def _events(counted: Counted, known: Facts) -> str:
    bills = [model.bill(counted, known, events_a_day=volume, days=DAYS[-1]) for volume in VOLUMES]
    parts = list(bills[0].million())
    rows = [[part, *(_usd(each.million()[part]) for each in bills)] for part in parts]
    rows.append(["**together, per million events**", *(f"**{_usd(sum(each.million().values()))}**" for each in bills)])
    rows.append(["knowing what is new, of curate", *(_usd(_dedupe(counted, known, volume)) for volume in VOLUMES)])
    rows.append(["a month, everything", *(f"${each.month():,.0f}" for each in bills)])
    rows.append(["requests in one invocation of load", *(f"{_together(known, volume):.0f}" for volume in VOLUMES)])
    return _table([f"dollars per million events, day {DAYS[-1]}", *(f"{volume // 10**6} M a day" for volume in VOLUMES)], rows)


def _services(counted: Counted, known: Facts) -> str:
    services = model.bill(counted, known, events_a_day=MAIN, days=DAYS[-1]).services()
    return _table(["what is paid for", "per million events"], _by_service(services))


def _growth(counted: Counted, known: Facts) -> str:
    runs = [model.curated(counted, known, events_a_day=MAIN, days=days) for days in DAYS]
    bytes_read, requests = [model.scanned(run) for run in runs], [model.requested(run) for run in runs]
    segments = [model.evaluated_usd(counted, events_a_day=MAIN, days=days) for days in DAYS]
    rows = [
        ["one curate: bytes that Athena scans", *(f"{each / 1e6:,.0f} MB" for each in bytes_read), _ratio(bytes_read)],
        ["one curate: requests to S3", *(f"{each:,.0f}" for each in requests), _ratio(requests)],
        ["one count of a segment: dollars", *map(_usd, segments), _ratio(segments)],
    ]
    return _table([f"at {MAIN // 10**6} M events a day", *(f"day {days}" for days in DAYS), "ratio"], rows)


def _pushes(counted: Counted) -> str:
    sent = model.sent_million(counted)
    rows = [*_by_service(sent), ["**together**", f"**{_usd(sum(sent.values()))}**"]]
    return _table(["what is paid for", "per million pushes"], rows)


def _idle(counted: Counted, known: Facts) -> str:
    idle = model.idle(counted, known)
    rows = [[name, f"${dollars:.4f}"] for name, dollars in idle.items()]
    rows.append(["**together**", f"**${sum(idle.values()):.2f}**"])
    return _table(["what is there", "a month"], rows)


def _prices() -> str:
    rows = [[name, f"${price.usd:g}", f"{price.per:,} × {price.unit}", f"<{price.source}>"] for name, price in prices.PRICES.items()]
    return _table(["price", "dollars", "for", "page"], rows)


def _by_service(dollars: Mapping[str, float]) -> list[list[str]]:
    """The dearest first; what would show as nothing is left out."""
    shown = sorted(((each, name) for name, each in dollars.items() if each >= 0.00005), reverse=True)
    return [[f"{name}: {prices.PRICES[name].unit}", _usd(each)] for each, name in shown]


def _dedupe(counted: Counted, known: Facts, volume: int) -> float:
    return model.dedupe_usd(counted, known, events_a_day=volume, days=DAYS[-1])


def _together(known: Facts, volume: int) -> float:
    return model.messages_together(known, volume / traffic.EVENTS_A_REQUEST)


def _usd(dollars: float) -> str:
    return f"${dollars:.4f}" if dollars < 10 else f"${dollars:,.2f}"


def _ratio(pair: Sequence[float]) -> str:
    return f"{pair[1] / pair[0]:.2f}" if pair[0] else "-"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join("| " + " | ".join(each) + " |" for each in lines)


if __name__ == "__main__":
    DOCUMENT.write_text(in_document(DOCUMENT.read_text(), written(saved())))
