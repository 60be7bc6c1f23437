"""A file that tests journeys: people, what they do and when, and what they are meant to be told."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Final, Literal, NamedTuple, get_args

import orjson

from regulars.domain.collection.rejection import EventRejectedError
from regulars.domain.delivery.zones import zone_named
from regulars.domain.documents import JsonObject
from regulars.domain.errors import InvalidJourneyError, InvalidRuleError, RefusedError
from regulars.domain.journeys.journey import Journey
from regulars.domain.journeys.parse_steps import read_event
from regulars.domain.journeys.steps import Acting, Message, SetTraits, Split, Start, Webhook
from regulars.domain.journeys.trial_events import collected
from regulars.domain.language import (
    JOURNEY_ID,
    MAX_NAME,
    Fields,
    Problem,
    Problems,
    Value,
    read_id,
    read_moment,
    read_name,
    read_span,
    read_tree,
    unknown,
)
from regulars.domain.segments.parse import parse_segment
from regulars.domain.segments.rule import Segment
from regulars.domain.segments.zones import read_zone

ROOT: Final = ("journeys", "segments", "begin", "until", "timezone", "people")
PERSON_KEYS: Final = ("id", "because", "traits", "held_out", "arms", "events", "expect")

Did = Literal["event", "traits", "segment", "near", "content", "start"]
DOES: Final[tuple[Did, ...]] = get_args(Did)
"""What may happen to a person: an event of theirs; traits that are told; a segment that they come into; a place that they come near; new content; a
journey that somebody starts for them."""

Fate = Literal["message", "set", "webhook", "start", "exit", "note"]
FATES: Final[tuple[Fate, ...]] = get_args(Fate)
"""What a journey does for a person, by the name of the step; `exit` and `note` by their reason."""

ACTS: Final[Mapping[Fate, type[Acting]]] = {"message": Message, "set": SetTraits, "webhook": Webhook, "start": Start}
"""The steps that do it."""

MAX_PEOPLE: Final = 1_000
MAX_EVENTS: Final = 10_000
"""In one file. A year of everybody is for a backtest."""

DEFAULT_BEGIN: Final = datetime(2026, 1, 5, 9, tzinfo=UTC)
"""A Monday at nine."""
LONGEST: Final = timedelta(days=1_100)

_SECONDS: Final = re.compile(r"(\d{1,6})s", re.ASCII)


class Doing(NamedTuple):
    """`received`: when it arrives."""

    at: datetime
    received: datetime
    did: Did
    name: str
    properties: str | None


SAYS: Final = ("title", "body", "fails")
"""What may be expected of a message: what it shows, or why it is sent to nobody, in a word of `reasons`."""

Says = tuple[tuple[str, str], ...]
"""Each of these with its text; of a message that fails also `because`."""


class Occurrence(NamedTuple):
    """What a journey did. Of one that is expected it `says` only what it has to."""

    at: datetime
    journey_id: str
    fate: Fate
    name: str
    says: Says = ()

    @property
    def which(self) -> tuple[datetime, str, Fate, str]:
        return self.at, self.journey_id, self.fate, self.name

    def meets(self, wanted: "Occurrence") -> bool:
        """Whether it is what was expected. A message that fails is none, unless just that is."""
        fails = "fails" in dict(self.says)
        return self.which == wanted.which and set(wanted.says) <= set(self.says) and fails == ("fails" in dict(wanted.says))


@dataclass(frozen=True)
class Subject:
    """A person of a trial. `because` says what the case is about, `arms` which way they go where a journey splits, by the step's name."""

    id: str
    because: str
    traits: Mapping[str, Any]
    held_out: bool
    arms: Mapping[str, str]
    doings: Sequence[Doing]
    expected: Sequence[Occurrence]


@dataclass(frozen=True)
class Trial:
    begin: datetime
    until: datetime
    zone: tzinfo
    segments: Mapping[str, Segment]
    people: Sequence[Subject]


def read_trial(document: object, journeys: Sequence[tuple[str, Journey | None]]) -> tuple[Trial | None, Sequence[Problem]]:
    """A trial, or all that is wrong with it. The journeys' own documents are others' to read: each by its id, None where it is wrong."""
    problems = Problems()
    given = problems.fields(Value(document, InvalidJourneyError), ROOT)
    if given is None:
        return None, problems.found
    begin = problems.optional(read_moment, given, "begin", DEFAULT_BEGIN)
    zone = problems.optional(read_zone, given, "timezone", "UTC")
    ids = [Value(identity, InvalidJourneyError, f"journeys[{index}]") for index, (identity, _) in enumerate(journeys) if identity]
    problems.different(ids)
    reader = _Reader(problems, begin, dict(journeys))
    people = problems.read(lambda it: it.items(MAX_PEOPLE), given["people"]) or []
    problems.different(Fields(each)["id"] for each in people if isinstance(each.raw, dict))
    trial = Trial(
        begin=begin,
        until=problems.optional(reader.moment, given, "until", begin + LONGEST),
        zone=zone_named(zone) or UTC,
        segments=_segments(given, problems),
        people=[reader.subject(entry) for entry in people],
    )
    if trial.until < begin:
        problems.note("until", "is before `begin`: nothing would happen")
    if not problems.within("segments"):
        for identity in sorted({segment for _, journey in journeys if journey for segment in journey.segments} - trial.segments.keys()):
            problems.note("segments", f"there is no `{identity}`, which a rule names")
    return (None if problems.found else trial), problems.found


def _segments(given: Fields, problems: Problems) -> Mapping[str, Segment]:
    entries = (problems.read(lambda it: it.items(MAX_PEOPLE), given["segments"]) or []) if "segments" in given else []
    found = [problems.read(_segment, entry) for entry in entries]
    return {segment.segment_id: segment for segment in found if segment is not None}


def _segment(value: Value) -> Segment:
    try:
        return parse_segment(value.raw)
    except InvalidRuleError as error:
        raise value.error(error.said, field=f"{value.path}.{error.field}" if error.field else value.path) from error


@dataclass(frozen=True)
class _Reader:
    """Of what stands inside a person, whose times count from `begin`. What a journey has is asked only where all of them could be read."""

    problems: Problems
    begin: datetime
    journeys: Mapping[str, Journey | None]

    @property
    def read(self) -> Sequence[Journey]:
        """The journeys, if all are right."""
        found = [journey for journey in self.journeys.values() if journey is not None]
        return found if len(found) == len(self.journeys) else ()

    def moment(self, value: Value) -> datetime:
        """A moment, or how long after the beginning: `4h`, `1d 4h 30m`, `50s`, `0`."""
        raw = value.raw
        if isinstance(raw, str) and raw[:4].isdecimal() and raw[4:5] == "-":
            return read_moment(value)
        if raw in ("0", 0) and raw is not False:
            return self.begin
        try:
            parts = [Value(part, value.error, value.path) for part in value.text(100).split(" ")]
            return self.begin + sum(map(_length, parts), timedelta(0))
        except RefusedError:
            value.refuse("a moment, or how long after `begin`, is needed, as in 2026-01-05T09:00:00Z, 4h, 1d 4h, 50s or 0")

    def subject(self, value: Value) -> Subject:
        given = self.problems.fields(value, PERSON_KEYS)
        if given is None:
            return Subject("", "", {}, False, {}, (), ())
        items = self.problems.read(lambda it: it.items(MAX_EVENTS, empty=True), given["events"]) if "events" in given else None
        wanted = self.problems.read(lambda it: it.items(MAX_EVENTS, empty=True), given["expect"]) or []
        return Subject(
            id=self.problems.read(lambda it: it.text(), given["id"]) or "",
            because=self.problems.optional(lambda it: it.text(), given, "because", ""),
            traits=(self.problems.read(_object, given["traits"]) or {}) if "traits" in given else {},
            held_out=self.problems.optional(lambda it: it.boolean(), given, "held_out", False),
            arms=self._arms(given["arms"]) if "arms" in given else {},
            doings=[doing for entry in items or [] if (doing := self._doing(entry)) is not None],
            expected=[each for entry in wanted if (each := self._expected(entry)) is not None],
        )

    def _arms(self, value: Value) -> Mapping[str, str]:
        found = {step: (arm, self.problems.read(lambda it: it.text(), arm) or "") for step, arm in self.problems.members(value)}
        splits = {name: [arm.id for arm in step.arms] for each in self.read for name, step in each.steps.items() if isinstance(step, Split)}
        for step, (arm, chosen) in found.items() if self.read else ():
            if step not in splits:
                self.problems.note(arm.path, f"`{step}` splits nobody")
            elif chosen and chosen not in splits[step]:
                self.problems.note(arm.path, unknown(chosen, splits[step]))
        return {step: chosen for step, (_, chosen) in found.items()}

    def _doing(self, value: Value) -> Doing | None:
        given = self.problems.read(Fields, value)
        did = self._one_of(given, DOES, ("at", "received", "properties"), "an event")
        if given is None or did is None:
            return None
        self.problems.fields(value, ("at", "received", did, *(("properties",) if did != "traits" else ())))
        at = self.problems.optional(self.moment, given, "at", self.begin)
        received = self.problems.optional(self.moment, given, "received", at)
        properties: JsonObject = (self.problems.read(_object, given["properties"]) or {}) if "properties" in given else {}
        match did:
            case "traits":
                name, properties = "identify", self.problems.read(_object, given["traits"]) or {}
            case "content":
                name = ""
                properties = self.problems.read(_object, given["content"]) or {}
            case "start":
                name = self.problems.read(self._journey, given["start"]) or ""
            case _:
                name = self.problems.read(read_event if did == "event" else read_name, given[did]) or ""
                if did == "event" and name:
                    name, properties = self._collected(value, name, properties, at)
                begun = [each.entry.name for each in self.read if each.entry.kind == did]
                if did != "event" and name and self.read and name not in begun:
                    self.problems.note(given[did].path, f"no journey here begins with `{name}`")
        return Doing(at, received, did, name, orjson.dumps(properties).decode())

    def _collected(self, value: Value, name: str, properties: JsonObject, at: datetime) -> tuple[str, JsonObject]:
        try:
            return collected(name, properties, at)
        except EventRejectedError as error:
            self.problems.note(value.path, f"collection refuses it: {error}")
            return name, properties

    def _expected(self, value: Value) -> Occurrence | None:
        given = self.problems.read(Fields, value)
        fate = self._one_of(given, FATES, ("at", "journey", *SAYS), "what is expected")
        if given is None or fate is None:
            return None
        said = SAYS if fate == "message" else ()
        self.problems.fields(value, ("at", "journey", fate, *said))
        at = self.problems.read(self.moment, given["at"]) or self.begin
        if "journey" in given:
            journey_id = self.problems.read(self._journey, given["journey"]) or ""
        elif len(self.journeys) == 1:
            journey_id = next(iter(self.journeys))
        else:
            self.problems.note(given["journey"].path, "say which of the journeys")
            journey_id = ""
        name = self.problems.read(lambda it: it.text(MAX_NAME), given[fate]) or ""
        journey = self.journeys.get(journey_id)
        steps = [step for step, does in journey.steps.items() if isinstance(does, ACTS[fate])] if journey and fate in ACTS else [name]
        if name and name not in steps:
            self.problems.note(given[fate].path, unknown(name, steps))
        says = ((key, self.problems.optional(lambda it: it.text(limit=None, empty=True), given, key, "")) for key in said if key in given)
        return Occurrence(at, journey_id, fate, name, tuple(says))

    def _one_of(self, given: Fields | None, kinds: tuple[Any, ...], beside: tuple[str, ...], noun: str) -> Any:
        if given is None:
            return None
        without = Fields(Value({key: given[key].raw for key in given if key not in beside}, given.value.error, given.value.path))
        return self.problems.one_of(without, kinds, noun)

    def _journey(self, value: Value) -> str:
        identity = read_id(value, JOURNEY_ID)
        return value.choice(tuple(self.journeys)) if self.journeys else identity


def _length(value: Value) -> timedelta:
    """As a span, and in seconds."""
    found = _SECONDS.fullmatch(value.text())
    return timedelta(seconds=int(found[1])) if found else read_span(value)


def _object(value: Value) -> dict[str, Any]:
    return dict(read_tree(Fields(value).value))
