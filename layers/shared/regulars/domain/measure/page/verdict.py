"""The top of the page: what to take away, and how far to trust it."""

from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

from regulars.domain.markup import element
from regulars.domain.measure.page import words
from regulars.domain.measure.page.facts import control_of, is_open, treated_of, was_sent
from regulars.domain.measure.page.parts import Content, paragraph, tag
from regulars.domain.measure.page.subject import Subject
from regulars.domain.measure.report import Report
from regulars.domain.measure.wording import length


def top(report: Report, subject: Subject) -> Element:
    crumb = element("p", *subject.crumb, class_="crumb")
    return element("header", crumb, element("h1", "What it changed"), *tags(report, subject), class_="head")


def tags(report: Report, subject: Subject) -> Iterator[Element]:
    """What it is a report of: whether anything was sent, and whether its window has closed."""
    if not subject.sends:
        yield tag("rehearsal: nothing was sent", "warn")
    elif not any(map(was_sent, report.arms)):
        yield tag("nothing was sent", "warn")
    if not report.sample_ratio.ok:
        yield tag("withheld", "bad")
    if report.window is None:
        yield tag("no goal", "warn")
    else:
        goal = subject.goal
        span = f" · {length(goal.within)}" if goal else ""
        yield tag(f"window closed{span}", "ok") if report.window.closed else tag(f"so far{span}", "warn")


def verdict(report: Report) -> Element:
    """The report's sentence, its first words large: they say whether it worked."""
    first, stop, rest = report.sentence.partition(". ")
    return element(
        "section",
        element("h2", "In a sentence", class_="unseen"),
        element("p", first + stop.strip(), class_="verdict"),
        *([element("p", rest, class_="rest num")] if rest else []),
        *(paragraph(*told, classes="soft sm num") for told in _trust(report)),
        class_="card stack",
    )


def _trust(report: Report) -> Iterator[Sequence[Content]]:
    yield [f"{_groups(report)} {_ratio(report)}".strip()]
    yield [_read(report)]


def _groups(report: Report) -> str:
    treated, control = sum(arm.people for arm in treated_of(report)), control_of(report)
    if control is None or not control.people:
        return f"{treated:,} people, and nobody to compare them with: there is no control group."
    return f"{treated:,} people for whom the message was against {control.people:,} who were held back, chosen by lot."


def _ratio(report: Report) -> str:
    ratio = report.sample_ratio
    if ratio.p is None:
        return ratio.note or ""
    if ratio.ok:
        return f"The groups are as large as planned ({words.p_value(ratio.p)})."
    planned = ", ".join(f"{arm} {people:,.0f}" for arm, people in ratio.expected.items())
    return f"The groups are not as large as planned ({words.p_value(ratio.p)}; planned: {planned}), so nothing is estimated from them."


def _read(report: Report) -> str:
    at = words.moment(report.as_of)
    if report.window is None:
        return f"Counted as of {at}."
    if is_open(report):
        return f"Counted as of {at}, before the end: goals count until {words.moment(report.window.end)}. Looking early is allowed for."
    return f"Counted as of {at}, after the end: goals counted from {words.moment(report.window.start)} to {words.moment(report.window.end)}."
