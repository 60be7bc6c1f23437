"""A file that tests journeys: people, what they do and when, and what they are meant to be told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Final, Literal, NamedTuple, get_args

import orjson

from regulars.domain.delivery.zones import zone_named
from regulars.domain.errors import InvalidJourneyError
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

MAX_PEOPLE: Final = 1_000
MAX_EVENTS: Final = 10_000
"""In one file. A year of everybody is for a backtest."""

DEFAULT_BEGIN: Final = datetime(2026, 1, 5, 9, tzinfo=UTC)
"""A Monday at nine."""
LONGEST: Final = timedelta(days=1_100)


class Doing(NamedTuple):
    """`received`: when it arrives."""

    at: datetime
    received: datetime
    did: Did
    name: str
    properties: str | None


class Occurrence(NamedTuple):
    """What a journey did, in the order in which they are compared."""

    at: datetime
    journey_id: str
    fate: Fate
    name: str


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
    """`journey_ids` are those that its documents have."""

    begin: datetime
    until: datetime
    zone: tzinfo
    segments: Mapping[str, Segment]
    people: Sequence[Subject]


def read_trial(document: object, journey_ids: Sequence[str]) -> tuple[Trial | None, Sequence[Problem]]:
    """A trial, or all that is wrong with it. The journeys' own documents are others' to read; their ids say which ones people may meet."""
    problems = Problems()
    given = problems.fields(Value(document, InvalidJourneyError), ROOT)
    if given is None:
        return None, problems.found
    begin = problems.optional(read_moment, given, "begin", DEFAULT_BEGIN)
    zone = problems.optional(read_zone, given, "timezone", "UTC")
    reader = _Reader(problems, begin, tuple(journey_ids))
    trial = Trial(
        begin=begin,
        until=problems.optional(reader.moment, given, "until", begin + LONGEST),
        zone=zone_named(zone) or UTC,
        segments={found.segment_id: found for found in _segments(given, problems)},
        people=[reader.subject(entry) for entry in problems.read(lambda it: it.items(MAX_PEOPLE), given["people"]) or []],
    )
    return (None if problems.found else trial), problems.found


def _segments(given: Fields, problems: Problems) -> Sequence[Segment]:
    if "segments" not in given:
        return ()
    entries = problems.read(lambda it: it.items(MAX_PEOPLE), given["segments"]) or []
    found = [problems.read(lambda it: parse_segment(it.raw), entry) for entry in entries]
    return [segment for segment in found if segment is not None]


@dataclass(frozen=True)
class _Reader:
    """Of what stands inside a person, whose times count from `begin`."""

    problems: Problems
    begin: datetime
    journey_ids: tuple[str, ...]

    def moment(self, value: Value) -> datetime:
        """A moment, or how long after the beginning: `4h`, `1d 4h 30m`, `0`."""
        raw = value.raw
        if isinstance(raw, str) and raw[:4].isdecimal() and raw[4:5] == "-":
            return read_moment(value)
        if raw in ("0", 0) and raw is not False:
            return self.begin
        parts = [Value(part, value.error, value.path) for part in value.text(100).split(" ")]
        return self.begin + sum(map(read_span, parts), timedelta(0))

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
        named = self.problems.read(Fields, value)
        return {step: self.problems.read(lambda it: it.text(), named[step]) or "" for step in named} if named is not None else {}

    def _doing(self, value: Value) -> Doing | None:
        given = self.problems.read(Fields, value)
        did = self._one_of(given, DOES, ("at", "received", "properties"), "an event")
        if given is None or did is None:
            return None
        self.problems.fields(value, ("at", "received", did, *(("properties",) if did != "traits" else ())))
        at = self.problems.optional(self.moment, given, "at", self.begin)
        received = self.problems.optional(self.moment, given, "received", at)
        properties = (self.problems.read(_object, given["properties"]) or {}) if "properties" in given else {}
        match did:
            case "traits":
                name, properties = "identify", self.problems.read(_object, given["traits"]) or {}
            case "content":
                name = ""
                properties = self.problems.read(_object, given["content"]) or {}
            case "start":
                name = self.problems.read(self._journey, given["start"]) or ""
            case _:
                name = self.problems.read(read_name, given[did]) or ""
        return Doing(at, received, did, name, orjson.dumps(properties).decode())

    def _expected(self, value: Value) -> Occurrence | None:
        given = self.problems.read(Fields, value)
        fate = self._one_of(given, FATES, ("at", "journey"), "what is expected")
        if given is None or fate is None:
            return None
        self.problems.fields(value, ("at", "journey", fate))
        at = self.problems.read(self.moment, given["at"]) or self.begin
        if "journey" in given:
            journey_id = self.problems.read(self._journey, given["journey"]) or ""
        elif len(self.journey_ids) == 1:
            journey_id = self.journey_ids[0]
        else:
            self.problems.note(given["journey"].path, "say which of the journeys")
            journey_id = ""
        return Occurrence(at, journey_id, fate, self.problems.read(lambda it: it.text(MAX_NAME), given[fate]) or "")

    def _one_of(self, given: Fields | None, kinds: tuple[Any, ...], beside: tuple[str, ...], noun: str) -> Any:
        if given is None:
            return None
        without = Fields(Value({key: given[key].raw for key in given if key not in beside}, given.value.error, given.value.path))
        return self.problems.one_of(without, kinds, noun)

    def _journey(self, value: Value) -> str:
        identity = read_id(value, JOURNEY_ID)
        return value.choice(self.journey_ids) if self.journey_ids else identity


def _object(value: Value) -> dict[str, Any]:
    return dict(read_tree(Fields(value).value))
