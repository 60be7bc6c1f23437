"""`regulars overview`: how the months went."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Final

import typer

from .client import Document
from .command import Session
from .output import price, print_table, spelled
from .segment import AsOf, moment

Months = Annotated[int, typer.Option("--months", metavar="N", help="How many, up to the one that is under way.")]

_EIGHTHS: Final = " ▏▎▍▌▋▊▉█"
_BAR: Final = 12
"""Characters of the longest bar."""

_SHOWN: Final = (
    *("as_of", "currency", "months", "flow", "cohorts", "everybody", "segments", "campaigns", "programme", "notes", "missing"),
    *("bytes_scanned", "cost_usd"),
)

_PARTS: Final = {
    "visits": "who was there",
    "customers": "orders, customers and cohorts",
    "segments": "revenue by segment",
    "campaigns": "what campaigns changed",
    "programme": "what all messages do",
}


def overview(session: Session, months: Months = 12, as_of: AsOf = "") -> None:
    """Show how the months went: who came, did something, bought and bought again; how many customers are new, active, lost and won back; what
    becomes of those who bought first in the same month; and what the ready-made segments are worth. Months are of UTC; one under way is marked.

    With --json: {"as_of", "currency", "months": [{"month", "unfinished", "reached", "acted", "converted", "engaged", "orders", "revenue"}],
    "flow": [{"month", "unfinished", "new", "won_back", "lapsed", "customers", "active", "at_risk", "gone"}],
    "cohorts": [{"month", "people", "months": [{"after", "unfinished", "people", "share", "revenue"}]}],
    "everybody", "segments": [{"id", "name", "purpose", "stage", "worth"}] (as `segment lifecycle` has them),
    "campaigns": [{"campaign": ID|null for all, "runs", "measured", "people", "sent", "caused": {"sum", "low", "high"}|null, "caused_value",
    "currency", "cost_usd"}],
    "programme": [{"quarter", "since", "unfinished", "percent", "held_out", "messaged", "rate_held_out", "rate_messaged", "value_held_out",
    "value_messaged", "effect": [{"metric": "conversion"|"value", "method", "difference", "low", "high", "p", "verdict", "adjusted", "anytime",
    "judged_by", "caused", "note"}]}],
    "notes", "missing": {PART: why}, "bytes_scanned", "cost_usd"}.
    """
    begun = session.api.post("overviews", body={"months": months, **moment(as_of)})
    done = session.answer("overview", "overviews", begun)
    session.show({name: done[name] for name in _SHOWN}, print_overview)


def print_overview(it: Document) -> None:
    money = f"revenue ({it['currency']})" if it["currency"] else "revenue"
    if "visits" not in it["missing"]:
        _print_months(it["months"], money)
    if "customers" not in it["missing"]:
        _print_flow(it["flow"])
        _print_cohorts(it["cohorts"])
    if it["everybody"]:
        _print_segments([*it["segments"], {"id": "everybody known", "worth": it["everybody"]}], money)
    if it["campaigns"]:
        _print_campaigns(it["campaigns"])
    if it["programme"]:
        _print_programme(it["programme"])
    for part, why in it["missing"].items():
        print(f"Not shown: {_PARTS[part]}. {why}")
    for note in it["notes"]:
        print(f"Note: {note}.")
    if any(month["unfinished"] for month in it["months"]):
        print("* is not over yet.")
    print(f"As of {it['as_of']}  ({price(it)})")


def _print_months(months: list[Document], money: str) -> None:
    print("Visitors: who was there, did something, ordered, and ordered again")
    figures = ("reached", "acted", "converted", "engaged", "orders", "revenue")
    bars = _bars([month["revenue"] if month["revenue"] is not None else month["orders"] for month in months])
    rows = [[_name(month), *(month[figure] for figure in figures), bar] for month, bar in zip(months, bars, strict=True)]
    print_table(("month", *figures[:-1], money, ""), rows, right=(*figures[:-1], money))


def _print_flow(flow: list[Document]) -> None:
    print("Customers: who came, came back and was lost in the month, and how they stand at its end")
    figures = ("new", "won_back", "lapsed", "active", "at_risk", "gone", "customers")
    rows = [[_name(month), *(month[figure] for figure in figures), bar] for month, bar in zip(flow, _bars([m["active"] for m in flow]), strict=True)]
    titles = [figure.replace("_", " ") for figure in figures]
    print_table(("month", *titles, ""), rows, right=titles)


def _print_cohorts(cohorts: list[Document]) -> None:
    if not cohorts:
        return
    print("Cohorts: of those who first ordered in the month, how many per cent ordered so many months after")
    after = [str(number) for number in range(1, max(len(cohort["months"]) for cohort in cohorts))]
    rows = [[cohort["month"], cohort["people"], *_row(cohort["months"][1:], len(after))] for cohort in cohorts]
    print_table(("first order", "people", *after), rows, right=("people", *after))


def _row(months: Sequence[Document], width: int) -> list[str]:
    shares = [f"{100 * month['share']:.0f}{'*' if month['unfinished'] else ''}" for month in months]
    return shares + [""] * (width - len(shares))


def _print_segments(segments: list[Document], money: str) -> None:
    print("Segments, and what their people spent in 365 days")
    columns = ("segment", "people", "share", "orders", money, "average order", "")
    worths = [each["worth"] for each in segments]
    bars = _bars([worth["revenue"] if each["id"] != "everybody known" else None for each, worth in zip(segments, worths, strict=True)])
    rows = [
        [each["id"], worth["people"], f"{worth['share']:.1%}", worth["orders"], worth["revenue"], worth["average_order"], bar]
        for each, worth, bar in zip(segments, worths, bars, strict=True)
    ]
    print_table(columns, rows, right=columns[1:-1])


def _print_campaigns(campaigns: list[Document]) -> None:
    print("Campaigns: what those runs changed whose window closed in these months")
    columns = ("campaign", "runs", "measured", "people", "sent", "caused people", "caused money", "cost ($)")
    rows = [
        [each["campaign"] or "all", *(each[name] for name in columns[1:5]), _total(each["caused"], 0), _money(each), each["cost_usd"]]
        for each in campaigns
    ]
    print_table(columns, rows, right=columns[1:])
    if len(campaigns) > 1:
        print("A purchase in the windows of two campaigns may count for both: the programme says what all of them do together.")


def _money(campaign: Document) -> str:
    told = _total(campaign["caused_value"], 2)
    return f"{told} {campaign['currency']}" if told and campaign["currency"] else told


def _total(total: Document | None, digits: int) -> str:
    if total is None:
        return ""
    much, low, high = (spelled(total[bound], digits, sign=True) for bound in ("sum", "low", "high"))
    return f"{much} ({low} to {high})"


def _print_programme(quarters: list[Document]) -> None:
    print("Programme: people who may get messages beside the global control group, who get none")
    columns = ("quarter", "held out", "others", "ordered", "of others", "points", "spent a head", "others did", "difference", "")
    print_table(columns, [_quarter(each) for each in quarters], right=columns[1:-1])
    for quarter in quarters:
        for effect in quarter["effect"]:
            if effect["note"]:
                print(f"{quarter['quarter']}, {effect['metric']}: {effect['note']}.")


def _quarter(it: Document) -> list[Any]:
    conversion, value = ({**effect} for effect in it["effect"])
    name = f"{it['quarter']}{'*' if it['unfinished'] else ''}"
    people = (it["held_out"], it["messaged"])
    ordered = (_percent(it["rate_held_out"]), _percent(it["rate_messaged"]), _interval(conversion, 100, 1))
    spent = (it["value_held_out"], it["value_messaged"], _interval(value, 1, 2))
    return [name, *people, *ordered, *spent, _verdict(conversion, value)]


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"


def _interval(effect: Document, scale: int, digits: int) -> str:
    """In points, or in money a head, with its bounds: those that the verdict is taken from."""
    judged_by = effect["judged_by"]
    if judged_by is None:
        return ""
    shown = effect if judged_by == "plain" else {"difference": effect["difference"], **effect[judged_by]}
    difference, low, high = (spelled(scale * shown[bound], digits, sign=True) for bound in ("difference", "low", "high"))
    return f"{difference} ({low} to {high})"


def _verdict(conversion: Document, value: Document) -> str:
    told = [f"{effect['verdict']} {name}" for effect, name in ((conversion, "orderers"), (value, "money")) if effect["verdict"] in ("more", "less")]
    return ", ".join(told) or ("can't be told from nothing" if conversion["verdict"] else "")


def _name(month: Document) -> str:
    return f"{month['month']}{'*' if month['unfinished'] else ''}"


def _bars(values: Iterable[Any]) -> list[str]:
    """A bar for each number, the longest for the greatest."""
    numbers = [max(value or 0, 0) for value in values]
    most = max(numbers, default=0)
    return [_bar(number / most if most else 0) for number in numbers]


def _bar(share: float) -> str:
    whole, eighths = divmod(round(share * _BAR * 8), 8)
    return ("█" * whole + _EIGHTHS[eighths]).rstrip()
