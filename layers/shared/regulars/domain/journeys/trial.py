"""Testing journeys without a platform: what each person of a trial was told, beside what they were meant to be told."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

import orjson

from regulars.domain.content.item import CORRECTED
from regulars.domain.documents import JsonObject
from regulars.domain.journeys.affinity import told
from regulars.domain.journeys.book import Book
from regulars.domain.journeys.index import Index
from regulars.domain.journeys.inputs import TriggerKind
from regulars.domain.journeys.journey import Journey
from regulars.domain.journeys.person import PersonOfHistory
from regulars.domain.journeys.simulation import Arrival, Life, Lived
from regulars.domain.journeys.spans import written
from regulars.domain.journeys.state import Action, Happened
from regulars.domain.journeys.steps import ClockTime, Collect, Message, Split, Step, WaitUntil
from regulars.domain.journeys.texts import Texts, traits_told
from regulars.domain.journeys.trial_document import ACTS, Did, Doing, Fate, Occurrence, Says, Subject, Trial
from regulars.domain.lake.buckets import BUCKETS
from regulars.domain.language import shown
from regulars.domain.messages.rendering import Unsendable
from regulars.domain.segments.evaluate import PastEvent, PersonHistory
from regulars.domain.segments.lowering import lowered
from regulars.domain.segments.references import inlined

_BORN: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""When the traits were told that a person of a trial begins with."""

_FATES: Final[Mapping[type[object], Fate]] = {does: fate for fate, does in ACTS.items()}

_KINDS: Final[Mapping[Did, TriggerKind]] = {"event": "event", "segment": "segment", "near": "near", "start": "api"}
"""What of a trial is an input of all journeys. Traits that are told only become known."""


@dataclass(frozen=True)
class Verdict:
    """Of one person. `happened` is all that was done for them, `compared` as much of it as the trial asks about: exits and notes only where it names
    one. `trail` is where they went."""

    subject: Subject
    happened: Sequence[Occurrence]
    missing: Sequence[Occurrence]
    unexpected: Sequence[Occurrence]
    trail: Sequence[str]

    @property
    def passed(self) -> bool:
        return not self.missing and not self.unexpected


def tried(trial: Trial, journeys: Sequence[Journey]) -> list[Verdict]:
    """Each person of the trial, lived through. Raises InvalidRuleError for a segment that the trial does not define."""
    texts = Texts(journeys)
    return [_tried(subject, trial, journeys, texts) for subject in trial.people]


def _tried(subject: Subject, trial: Trial, journeys: Sequence[Journey], texts: Texts) -> Verdict:
    books = {journey.id: _book(journey, subject, trial) for journey in journeys}
    life = Life(books, Index(books), _history(subject))
    lived = list(life.through(_arrivals(subject, trial, journeys), trial.until))
    told = traits_told(life.person.history)

    def says(action: Action) -> Says:
        if not isinstance(action.does, Message):
            return ()
        made = texts.made(action, told, action.at)
        if isinstance(made, Unsendable):
            return (("fails", made.reason), ("because", f"{made.field}: {made.because}"))
        return (("title", made.title), ("body", made.body))

    happened = [each for one in lived for each in _occurrences(one, says)]
    asked = {each.fate for each in subject.expected} | set(ACTS)
    missing, unexpected = _compared([each for each in happened if each.fate in asked], subject.expected)
    return Verdict(
        subject,
        happened=sorted(happened, key=lambda each: each.at),
        missing=missing,
        unexpected=unexpected,
        trail=[f"{shown(move.at)}  {one.journey_id}  {move.step}  {move.because}" for one in lived for move in one.outcome.trail],
    )


def _compared(happened: Sequence[Occurrence], expected: Sequence[Occurrence]) -> tuple[Sequence[Occurrence], Sequence[Occurrence]]:
    """What is missing, and what nobody expected: each that happened is what was expected once."""
    left: dict[object, list[Occurrence]] = {}
    for each in happened:
        left.setdefault(each.which, []).append(each)
    missing = []
    for wanted in sorted(expected, key=lambda each: -len(each.says)):
        candidates = left.get(wanted.which, [])
        if (met := next((each for each in candidates if each.meets(wanted)), None)) is None:
            missing.append(wanted)
        else:
            candidates.remove(met)
    return sorted(missing), sorted(each for found in left.values() for each in found)


def _book(journey: Journey, subject: Subject, trial: Trial) -> Book:
    """Nothing is left to chance in a trial: nobody is held out, or spread over a quarter of an hour, and a person may say which way they go."""
    steps = {name: _decided(step, subject.arms.get(name)) for name, step in journey.steps.items()}
    decided = replace(journey, holdout_buckets=BUCKETS if subject.held_out else 0, steps=steps)
    return Book.of([decided], segments=trial.segments, zone=trial.zone)


def _decided(step: Step, arm: str | None) -> Step:
    match step:
        case WaitUntil(until) | Collect(until=ClockTime() as until):
            return replace(step, until=replace(until, spread=timedelta(0)))
        case Split(arms) if chosen := tuple(each for each in arms if each.id == arm):
            return Split(chosen)
        case _:
            return step


def _history(subject: Subject) -> PersonHistory:
    told = PastEvent("", "identify", _BORN, "identify", traits=orjson.dumps(dict(subject.traits)).decode())
    return PersonHistory(subject.id, _BORN, (told, *_past(subject.doings)))


def _past(doings: Iterable[Doing]) -> Iterator[PastEvent]:
    for number, doing in enumerate(doings):
        if doing.did == "traits":
            yield PastEvent(f"e{number:05}", "identify", doing.at, "identify", traits=doing.properties)
        elif doing.did == "event":
            yield PastEvent(f"e{number:05}", doing.name, doing.at, properties=doing.properties)


def _arrivals(subject: Subject, trial: Trial, journeys: Sequence[Journey]) -> Iterator[Arrival]:
    nobody = PersonOfHistory(PersonHistory(subject.id, None))
    published: dict[str, tuple[datetime, str]] = {}
    for number, doing in enumerate(subject.doings):
        identity = f"e{number:05}"
        if doing.did == "content":
            item = orjson.loads(doing.properties or "{}")
            first = published.setdefault(f"{item.get('origin')} {item.get('id', identity)}", (doing.at, identity))
            for name, properties in _told_to(subject, item, first[0], doing, trial, journeys):
                yield Arrival(doing.received, Happened("content", name, *first, nobody, properties))
        elif kind := _KINDS.get(doing.did):
            yield Arrival(doing.received, Happened(kind, doing.name, doing.at, identity, nobody, doing.properties))


def _told_to(
    subject: Subject, item: JsonObject, published: datetime, doing: Doing, trial: Trial, journeys: Iterable[Journey]
) -> Iterator[tuple[str, str]]:
    """The journeys that have the person in their audience of an item, and what they tell of it, as `announce` does. It was `published` before if this
    corrects it."""
    history = _history(subject)
    said = item if doing.at == published else {**item, CORRECTED: shown(doing.at)}
    for entry, name in ((journey.entry, journey.id) for journey in journeys):
        if entry.audience is None:
            continue
        rule = lowered(inlined(entry.audience.rule(item), trial.segments))
        affinity = entry.affinity.of_person(item, history.events, published) if entry.affinity else None
        if PersonOfHistory(history).verdict(rule, published, None) and (entry.affinity is None or entry.affinity.lets_in(affinity)):
            yield name, told(said, affinity)


def _occurrences(lived: Lived, says: Callable[[Action], Says]) -> Iterator[Occurrence]:
    for action in lived.outcome.actions:
        yield Occurrence(action.at, lived.journey_id, _fate(action), action.step, says(action))
    for move in lived.outcome.trail:
        if move.kind != "came":
            yield Occurrence(move.at, lived.journey_id, "exit" if move.kind == "left" else "note", move.because)


def _fate(action: Action) -> Fate:
    return _FATES[type(action.does)]


def verdict_document(verdict: Verdict, trial: Trial) -> JsonObject:
    """As JSON; `after` is how long after the beginning."""

    def told(each: Occurrence) -> JsonObject:
        says = {name: text for name, text in each.says if text}
        return {"at": shown(each.at), "after": written(each.at - trial.begin), "journey": each.journey_id, each.fate: each.name, **says}

    return {
        "id": verdict.subject.id,
        "because": verdict.subject.because,
        "passed": verdict.passed,
        "happened": [told(each) for each in verdict.happened],
        "missing": [told(each) for each in verdict.missing],
        "unexpected": [told(each) for each in verdict.unexpected],
        "trail": list(verdict.trail),
    }
