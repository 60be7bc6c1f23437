"""What it earned, what it cost, and what holding people back cost."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from regulars.domain.charts.scale import BARE
from regulars.domain.markup import element
from regulars.domain.measure.figures import Metric
from regulars.domain.measure.page import words
from regulars.domain.measure.page.effects import METRICS
from regulars.domain.measure.page.facts import Headline, control_of, effect_on, headline, treated_of, was_sent
from regulars.domain.measure.page.parts import Content, card, figure_box, name, paragraph
from regulars.domain.measure.report import Report

_CAUSED: dict[Metric, str] = {"conversion": "Reached the goal because of it", "value": "Earned because of it"}


def money_card(report: Report, *, sends: bool) -> Element:
    """Where nothing was sent (`sends` is false of a rehearsal), nothing was earned or given up."""
    sent = sends and any(map(was_sent, report.arms))
    boxes = [*(_caused(report) if sent else ()), *_costs(report), *(_given_up(report) if sent else ())]
    return card("In people and money", element("div", *boxes, class_="kpis"), *_unnamed(report))


def _caused(report: Report) -> Iterator[Element]:
    """The effect a head, for everybody who was to get the message."""
    arms = treated_of(report)
    for arm in filter(was_sent, arms):
        for metric in METRICS:
            effect = effect_on(report, arm, metric)
            read = headline(effect) if effect else None
            if read is not None:
                who: list[Content] = [name(arm.arm), f": {_CAUSED[metric].lower()}"] if len(arms) > 1 else [_CAUSED[metric]]
                yield figure_box(who, *_total(report, read, metric, arm.people))


def _total(report: Report, read: Headline, metric: Metric, people: int) -> tuple[str, str]:
    """For so many people: the figure, and how sure it is."""
    total = read.times(people)
    unit = words.money_unit(report.currency) if metric == "value" else BARE
    places = 0 if metric == "conversion" else min(words.digits(total.low, total.high), 2)
    return unit.signed(total.difference, places), words.interval(unit, total.low, total.high, most=places)


def _costs(report: Report) -> Iterator[Element]:
    total = report.cost.get("total")
    own = sum(amount for part, amount in report.cost.items() if part not in ("report", "total"))
    asked = report.cost.get("report", 0.0)
    if total is not None:
        yield figure_box(["Cost of sending"], words.dollars(own), f"and {words.dollars(asked)} for this report (AWS, estimated)")
    if report.cost_per_conversion is not None:
        yield figure_box(
            ["Cost of each that it caused"], words.dollars(report.cost_per_conversion), "the run's cost by the people who would not have"
        )


def _given_up(report: Report) -> Iterator[Element]:
    """What the control group would have done, by the best of the variants that are surely more than nothing."""
    control = control_of(report)
    if control is None or all(effect.difference is None for effect in report.effect):
        return
    valued = any(effect.metric == "value" and effect.difference is not None for effect in report.effect)
    metric: Metric = "value" if valued else "conversion"
    found = [effect for effect in report.effect if effect.metric == metric and effect.verdict == "more"]
    best = max((read for effect in found if (read := headline(effect))), key=lambda read: read.difference, default=None)
    title = "Given up by the control group"
    if best is None:
        yield figure_box([title], "cannot be told", f"{control.people:,} people were held back")
        return
    value, below = _total(report, best, metric, control.people)
    yield figure_box([title], value.removeprefix("+"), f"{control.people:,} people were held back, {below}")


def _unnamed(report: Report) -> Iterator[Element]:
    if report.currency is None and any(arm.value_a_head is not None for arm in report.arms):
        yield paragraph("The goal names no currency: value is in whatever unit the events have it.", classes="sm soft")
