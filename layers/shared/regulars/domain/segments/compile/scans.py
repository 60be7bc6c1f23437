"""Every scan that a rule needs: one a source, however many clauses ask it."""

from collections.abc import Mapping
from datetime import datetime
from typing import assert_never

from regulars.domain.segments.compile.conversions import conversion_scan
from regulars.domain.segments.compile.deliveries import delivery_scan
from regulars.domain.segments.compile.devices import device_scan
from regulars.domain.segments.compile.event_scans import event_scan
from regulars.domain.segments.compile.scan import Scan
from regulars.domain.segments.compile.sequences import sequence_scan
from regulars.domain.segments.compile.sources import EventsOf, LastPlace, Places, Question, Source, TraitNamed, Traits, questions
from regulars.domain.segments.rule import Converted, Delivered, EventClause, EventSequence, Reachable, Rule


def scans(rule: Rule, as_of: datetime, only: str | None = None) -> Mapping[Source, Scan]:
    """Every scan that the rule needs, in the order in which the rule first asks; of one person alone where `only` names them."""
    made: dict[Source, Scan] = {}
    first = 1
    for number, (source, asked) in enumerate(questions(rule).items(), 1):
        names = {question: f"c{column}" for column, question in enumerate(asked, first)}
        scan = _scan(f"scan_{number}", source, names, as_of)
        made[source] = scan.of(only) if only else scan
        first += len(asked)
    return made


def _scan(alias: str, source: Source, names: Mapping[Question, str], as_of: datetime) -> Scan:
    match source:
        case EventsOf() | Traits() | Places():
            shared = {question: name for question, name in names.items() if isinstance(question, EventClause | TraitNamed | LastPlace)}
            return event_scan(alias, source, shared, as_of)
        case EventSequence():
            return sequence_scan(alias, source, names[source], as_of)
        case Delivered():
            return delivery_scan(alias, source, names[source], as_of)
        case Converted():
            return conversion_scan(alias, source, names[source], as_of)
        case Reachable():
            return device_scan(alias, source, names[source], as_of)
        case _:
            assert_never(source)
