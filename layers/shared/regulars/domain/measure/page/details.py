"""Which run this is, on which state of the lake, and what each part of it cost."""

from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

from regulars.domain.markup import element
from regulars.domain.measure.page import words
from regulars.domain.measure.page.parts import Content, card, facts, listed, name
from regulars.domain.measure.page.subject import Subject
from regulars.domain.measure.report import Report


def notes_cards(report: Report) -> Iterator[Element]:
    if report.notes:
        yield card("To be known with it", listed(f"{words.opened(note)}." for note in report.notes))


def details_card(report: Report, subject: Subject) -> Element:
    return card("The run", facts(_details(report, subject)), classes="sm")


def _details(report: Report, subject: Subject) -> Iterator[tuple[str, Sequence[Content]]]:
    run = subject.run
    yield "Run", [name(run.run_id), f", {report.state}"]
    yield "Campaign", [name(subject.title), f" ({run.campaign.id}, version {run.campaign.version})"]
    yield "Launched", [words.moment(run.launched_at)]
    yield "Audience as of", [words.moment(run.as_of)]
    yield "Outcomes from", [words.moment(run.planned_at)]
    yield "Segments", _joined([[name(segment.id), f" version {segment.version}"] for segment in run.segments.values()])
    if run.plan and run.plan.snapshots:
        yield "Snapshots of the lake", _joined([[f"{table} {snapshot or 'none yet'}"] for table, snapshot in run.plan.snapshots.items()])
    yield "Cost, estimated", [", ".join(f"{part.replace('_', ' ')} {words.dollars(amount)}" for part, amount in report.cost.items())]


def _joined(parts: Sequence[Sequence[Content]]) -> Sequence[Content]:
    """With commas between them."""
    told: list[Content] = []
    for part in parts:
        told += [", ", *part] if told else part
    return told or [element("span", "none")]
