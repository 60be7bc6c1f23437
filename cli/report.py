"""A campaign's report: asked for, shown as people read it, and written as a page."""

from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext

from .client import Document
from .command import Session
from .files import whole_file
from .output import plain, print_table, spelled
from .report_effects import chance, judged, points, print_comparisons, print_effects, print_guardrails

_CONTROL = "control"
_STEPS = {
    **{step: step for step in ("audience", "eligible", "sent", "received", "opened")},
    "converted": "converted after opening",  # whoever else did is in the arms: they may have done it anyhow
}
"""Each with what it is called."""
_BAR = 24


def report(session: Session, run: str, html: str) -> None:
    """Starts the report and waits for it; with `html` its page is written there, too, and the answer says where."""
    with whole_file(html) if html else nullcontext() as file:
        begun = session.api.post("runs", run, "reports", body={})
        done = session.answer(f"report on {run}", "reports", begun)
        if file:
            file.write(session.api.get("reports", done["ticket"], "page")["html"])
    session.show({**done["report"], **({"html": html} if html else {})}, print_report)


def print_report(report: Document) -> None:
    """The sentence first, then people by arm, what the message changed, how far it came, what it cost, and what has to be known with it."""
    print(plain(report["sentence"]))
    _print_arms(report)
    print_effects(report)
    print_comparisons(report)
    print_guardrails(report)
    _print_funnel(report)
    _print_reasons(report)
    for line in (*_read(report), *_cost(report), *(f"note: {note}" for note in report.get("notes") or ())):
        print(plain(line))
    if report.get("html"):
        print(f"page: {report['html']}")


def _print_arms(report: Document) -> None:
    columns = ["arm", "people", "sent", "received", "opened", "converted", "rate", "because of it", *_money_columns(report)]
    rows = [[*(arm.get(name) for name in columns[:6]), *_changed(report, arm)] for arm in report["arms"]]
    known = [number for number, name in enumerate(columns) if number < 6 or any(row[number] not in (None, "") for row in rows)]
    print_table([columns[number] for number in known], [[row[number] for number in known] for row in rows], right=columns[1:])


def _money_columns(report: Document) -> list[str]:
    """In which currency they are, where that is known."""
    currency = report.get("currency")
    return [plain(f"{name}, {currency}") if currency else name for name in ("value", "a head", "earned by it")]


def _changed(report: Document, arm: Document) -> Iterator[object]:
    """What is not known is left out, and a column of nothing else with it."""
    rate, value_a_head = arm.get("rate"), arm.get("value_a_head")
    yield None if rate is None else f"{100 * rate:.2f} %"
    yield _caused(report, arm, "conversion", arm.get("caused"), 0)
    yield None if value_a_head is None else arm.get("value")
    yield value_a_head
    yield _caused(report, arm, "value", arm.get("caused_value"), 2)


def _caused(report: Document, arm: Document, metric: str, caused: float | None, digits: int) -> str | None:
    """Of the control group nothing is known to be caused. Where the verdict is unclear the bounds alone are told, as in the sentence: a single number
    would be quoted without them."""
    effect = next((each for each in report["effect"] if (each["variant"], each["metric"]) == (arm["arm"], metric)), None)
    if arm["arm"] == _CONTROL or caused is None:
        return None
    if effect is None or effect.get("verdict") != "unclear":
        return spelled(caused, digits, sign=True)
    bounds = judged(effect)
    if bounds is None:
        return "too early to say"
    low, _, high = (spelled(bound * arm["people"], digits, sign=True) for bound in bounds)
    return f"{low} to {high}"


def _print_funnel(report: Document) -> None:
    funnel = report.get("funnel") or {}
    everybody = funnel.get("audience")
    if everybody:
        shares = [(called, funnel[step], funnel[step] / everybody) for step, called in _STEPS.items()]
        rows = [[step, people, f"{100 * share:.1f} %", "█" * round(_BAR * share)] for step, people, share in shares]
        print_table(["to get the message", "people", "share", ""], rows, right=["people", "share"])


def _print_reasons(report: Document) -> None:
    people: Counter[str] = Counter()
    for arm in report["arms"]:
        people.update(arm["failed"])
        people.update(arm["skipped"])
        people.update({"unknown": arm["unknown"]} if arm.get("unknown") else {})
    if people:
        print_table(["not sent because", "people"], people.most_common(), right=["people"])


def _read(report: Document) -> Iterator[str]:
    """As of when, and how far to trust the groups."""
    window = report.get("window")
    end = "" if window is None else f"; the window {'closed' if window['closed'] else 'is open until'} {window['end']}"
    yield f"counted as of {report['as_of']}{end}"
    ratio = report.get("sample_ratio") or {}
    if ratio.get("p") is not None:
        yield f"group sizes: {'as planned' if ratio['ok'] else 'not as planned, so nothing is estimated'} ({chance(ratio['p'])})"
    least = (report.get("detectable") or {}).get("conversion")
    if least is not None:
        yield f"groups of this size show a difference of {points(least).lstrip('+')} in conversion four times in five"


def _cost(report: Document) -> Iterator[str]:
    cost = report.get("cost")
    parts = ", ".join(f"{name} {_dollars(value)}" for name, value in cost.items()) if isinstance(cost, dict) else _dollars(cost)
    each = report.get("cost_per_conversion")
    yield f"cost: {parts}" + ("" if each is None else f"; {_dollars(each)} for each conversion that it caused")


def _dollars(value: object) -> str:
    """What we paid, as the page says it. A price that is there is never nothing."""
    if not isinstance(value, int | float):
        return str(value)
    if 0 < value < 0.0001:
        return "under $0.0001"
    return f"${spelled(value, 2 if value >= 1 else 4)}" if value else "$0"
