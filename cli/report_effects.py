"""What a run changed, on a terminal: each estimate with its interval, and a line that shows where it lies."""

import shutil
from collections.abc import Iterator, Sequence

from .client import Document
from .interval_line import LEAST, Shown, interval_lines
from .output import plain, print_table, spelled

_WIDEST = 60
_FIGURES = ("difference", "95 % from", "to")
_VERDICTS = {"unclear": "cannot be told from chance", None: ""}


def print_effects(report: Document) -> None:
    """A row an estimate: the plain one, the one with the past taken out, and the interval that holds however often one looks."""
    effects = report["effect"]
    if not effects:
        return
    columns = ["variant", "metric", *_FIGURES, "relative", "method", "verdict"]
    print_table(columns, [row for effect in effects for row in _estimates(effect)], right=[*_FIGURES, "relative"], free=["verdict"])
    units = {"conversion": "conversion", "value": f"value, {report['currency']} a head" if report.get("currency") else "value"}
    for metric, unit in units.items():
        _print_lines(unit, [effect for effect in effects if effect["metric"] == metric])
    for effect in effects:
        if effect.get("note"):
            print(plain(f"{effect['variant']}, {effect['metric']}: {effect['note']}"))


def _estimates(effect: Document) -> Iterator[Sequence[object]]:
    who, past, always = (effect["variant"], effect["metric"]), effect.get("adjusted"), effect.get("anytime")
    relative = effect.get("relative")
    share = "" if relative is None else f"{spelled(100 * relative, 0, sign=True)} %"
    yield *who, *_figures(effect["metric"], effect), share, effect["method"], _verdict(effect)
    if past:
        yield *who, *_figures(effect["metric"], past), "", f"{past['method']}, explains {100 * past['explained']:.0f} %", ""
    if always:
        yield *who, *_figures(effect["metric"], {"difference": effect["difference"], **always}), "", "however often one looks", ""


def _figures(metric: str, estimate: Document) -> Iterator[str]:
    return (amount(metric, estimate.get(name)) for name in ("difference", "low", "high"))


def _verdict(effect: Document) -> str:
    verdict, p = effect.get("verdict"), effect.get("p_adjusted")
    if verdict == "unclear" and "judged_by" in effect and effect["judged_by"] is None:
        return "too early to say"
    said = _VERDICTS.get(verdict, str(verdict))
    return said if p is None or not said else f"{said} ({chance(p)})"


def _print_lines(unit: str, effects: Sequence[Document]) -> None:
    drawn = [(effect, bounds) for effect in effects if (bounds := judged(effect))]
    shown = [Shown(plain(effect["variant"]), *bounds) for effect, bounds in drawn]
    label = max((len(each.name) for each in shown), default=0)
    width = min(_WIDEST, shutil.get_terminal_size().columns - label - 4)
    if shown and width >= LEAST:
        print(f"\n{plain(unit)}: where the effect lies, and where no effect would (┊)")
        for line, (effect, _) in zip(interval_lines(shown, width), drawn, strict=True):
            print(f"  {line}")
            if told := _dots(effect.get("quantiles") or ()):
                print(f"  {'':<{label}}  {told}")
        print()


def judged(effect: Document) -> tuple[float, float, float] | None:
    """Lower bound, difference and upper bound, by the estimate that the verdict is taken from, if there is one yet."""
    by = effect.get("judged_by")
    if by is None:
        return None
    bounds = effect if by == "plain" else {"difference": effect["difference"], **effect[by]}
    return bounds["low"], bounds["difference"], bounds["high"]


def _dots(values: Sequence[float]) -> str:
    above = sum(value > 0 for value in values)
    return f"of {len(values)} equally likely values of it, {above} lie above no effect" if values else ""


def print_comparisons(report: Document) -> None:
    """Treated arms against each other, and which of them has won."""
    compared = report.get("comparisons") or []
    if not compared:
        return
    rows = [[each["variant"], each["against"], each["metric"], *_figures(each["metric"], each), _verdict(each)] for each in compared]
    print_table(["variant", "against", "metric", *_FIGURES, "verdict"], rows, right=_FIGURES, free=["verdict"])
    winner = report.get("winner") or {}
    if winner.get("because"):
        print(plain(f"{winner['variant'] + ' won' if winner.get('variant') else 'no winner'}: {winner['because']}"))


def print_guardrails(report: Document) -> None:
    found = report.get("guardrails") or []
    if found:
        rows = [
            [each["guardrail"], each["variant"], each["people"], each["control"], *_figures("conversion", each), _verdict(each)] for each in found
        ]
        columns = ["guard-rail (more is bad)", "variant", "people", "control", *_FIGURES, "verdict"]
        print_table(columns, rows, right=["people", "control", *_FIGURES], free=["verdict"])


def amount(metric: str, value: float | None) -> str:
    """A difference of conversion is in percentage points; one of value is in the goal's own unit, a head."""
    if value is None:
        return "unknown"
    return points(value) if metric == "conversion" else signed(value)


def points(share: float) -> str:
    return f"{spelled(100 * share, 2, sign=True)} pp"


def chance(p: float) -> str:
    return "p < 0.001" if p < 0.001 else f"p = {p:.2g}"


def signed(value: float) -> str:
    return spelled(value, 2, sign=True)
