"""How far the message came: from the audience to who reached the goal, and why the others got nothing."""

from collections import Counter
from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

from regulars.domain.charts import FunnelStep, funnel
from regulars.domain.charts.funnel import figure
from regulars.domain.markup import element
from regulars.domain.measure.page.facts import control_of, treated_of
from regulars.domain.measure.page.parts import Content, card, paragraph, table
from regulars.domain.measure.report import Report
from regulars.domain.reasons import NOT_SENT_REASONS

_STEPS = (
    ("audience", "To get the message"),
    ("eligible", "Could be sent it"),
    ("sent", "Sent"),
    ("received", "Received"),
    ("opened", "Opened"),
    ("converted", "Reached the goal after that"),
)
_DOUBT = "Nobody knows whether it arrived: the sender was cut off, or the connection broke, before there was an answer."


def reach_card(report: Report) -> Element:
    return card("How far it came", element("div", *_reached(report), class_="effects"))


def _reached(report: Report) -> Iterator[Element]:
    steps = [FunnelStep(label, getattr(report.funnel, step)) for step, label in _STEPS if report.window or step != "converted"]
    told = ", ".join(f"{step.name.lower()} {figure(step.people, steps[0].people)}" for step in steps)
    drawn = funnel("From the audience to the goal", f"People: {told}.", steps)
    caption = "People for whom the message was; the app tells what was received and opened. Whoever came without opening it is not in the last bar."
    yield element("figure", drawn, element("figcaption", caption, class_="sm soft"))
    yield element("div", *_reasons(report), class_="stack")


def _reasons(report: Report) -> Iterator[Element]:
    rows = [*_not_sent(report)]
    if rows:
        yield table("Why the others got nothing", ["Reason", "People"], rows)
    else:
        yield paragraph("Everybody who was to get the message was sent it.")
    control = control_of(report)
    if control and control.people:
        yield paragraph(f"Another {control.people:,} people are the control group, which gets nothing on purpose.", classes="sm soft")


def _not_sent(report: Report) -> Iterator[Sequence[Content]]:
    """The most frequent reason first."""
    people: Counter[str] = Counter()
    for arm in treated_of(report):
        people.update(arm.failed)
        people.update(arm.skipped)
    told = [(NOT_SENT_REASONS.get(reason, reason), count) for reason, count in people.items()]
    doubted = sum(arm.unknown for arm in treated_of(report))
    told += [(_DOUBT, doubted)] if doubted else []
    yield from ([reason, f"{count:,}"] for reason, count in sorted(told, key=lambda each: (-each[1], each[0])))
