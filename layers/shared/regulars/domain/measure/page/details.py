"""Which run or journey this is, on which state of the lake, and what each part of it cost."""

from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

from regulars.domain.measure.page import words
from regulars.domain.measure.page.parts import Content, card, facts, listed
from regulars.domain.measure.page.subject import Subject
from regulars.domain.measure.report import Report


def notes_cards(report: Report) -> Iterator[Element]:
    if report.notes:
        yield card("To be known with it", listed(f"{words.opened(note)}." for note in report.notes))


def details_card(report: Report, subject: Subject) -> Element:
    return card(f"The {subject.noun}", facts(_details(report, subject)), classes="sm")


def _details(report: Report, subject: Subject) -> Iterator[tuple[str, Sequence[Content]]]:
    yield from subject.details
    yield "Cost, estimated", [", ".join(f"{part.replace('_', ' ')} {words.dollars(amount)}" for part, amount in report.cost.items())]
