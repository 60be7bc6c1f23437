"""What a journey would have done to the people of a span, and what cannot be known."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import accumulate
from typing import Final

from regulars.domain.journeys.journey import Journey
from regulars.domain.journeys.look_back_cost import LookBackCost, Running
from regulars.domain.journeys.tally import Arms, Tallies, Tally, Trouble, WouldGet, first_shown, moment_of_minute

CANNOT_KNOW: Final = (
    "Nobody can say what people would have done because of messages that they did not get: what they did is what they did without.",
    "Devices, consent and what was really sent are not looked at: of quiet hours and caps only these journeys' own and the settings' are. "
    "Whose clock somebody goes by is asked of their device, as it is known now.",
)

_LONGEST: Final = 400
_SHORTEST: Final = 60
"""Characters of a text that is shown: of one journey, and of twenty together. An answer may have 6 MB
(https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html), and a thousand messages of each are in it."""


@dataclass(frozen=True)
class Span:
    """Of which people: `sample` is the share of all."""

    since: datetime
    until: datetime
    sample: float = 1.0


@dataclass(frozen=True)
class DayInPast:
    """`inside` are those who were at its end (UTC), or at that of the span where the day was not over by then."""

    day: date
    entered: int
    messages: int
    inside: int


@dataclass(frozen=True, order=True)
class Unmade:
    """So many people, and messages, that would have gone out, had a step's message been one for them. `reason` is one of `reasons`, `field` where it
    is wrong in the document, `because` what is."""

    step: str
    reason: str
    field: str
    because: str
    people: int
    messages: int


@dataclass(frozen=True)
class Hindsight:
    """`people` did what it begins with; `entries` are runs, of which one person may have several. `messages` are all that it decided to send, by
    step, `fates` what quiet hours and caps would have made of them, and `peak_minute` the most that fell into one minute. `alone` are the fates
    without the other journeys that were looked at, where there were any: what is capped beyond that, they took. `moves` are inputs and timers that
    moved somebody, `steps` where they came to. `by_arrival` are the messages it would have sent going by when things arrived, and not by when they
    happened. `shown` are the first ones, person by person. `events` are the rows that were read, for all journeys. `unmade` are counted of the share
    `texts_of` of the people."""

    journey_id: str
    version: int
    since: datetime
    until: datetime
    sample: float
    events: int
    people: int
    entries: int
    held_out: int
    messages: Mapping[str, int]
    others: Mapping[str, int]
    fates: Mapping[str, int]
    alone: Mapping[str, int]
    exits: Mapping[str, int]
    notes: Mapping[str, int]
    moves: int
    steps: int
    by_arrival: int
    peak_minute: int
    peak_at: datetime | None
    goal: Mapping[str, Arms]
    days: Sequence[DayInPast]
    shown: Sequence[WouldGet]
    cannot_know: Sequence[str] = CANNOT_KNOW
    bytes_scanned: int = 0
    cost_usd: float = 0.0
    cost: LookBackCost | None = None
    """What it cost to look, which is `cost_usd` in all, for all journeys together."""
    running: Running | None = None
    """What the journey would have cost while it ran."""
    unmade: Sequence[Unmade] = ()
    texts_of: float = 1.0

    @property
    def all_messages(self) -> int:
        return sum(self.messages.values())


def hindsight(journey: Journey, span: Span, found: Tallies) -> Hindsight:
    """Of one of the journeys that were looked at together."""
    tally = found.of[journey.id]
    minute, most = max(tally.minutes.items(), key=lambda each: (each[1], -each[0]), default=(0, 0))
    return Hindsight(
        journey.id,
        journey.version,
        span.since,
        span.until,
        span.sample,
        events=found.events,
        people=tally.people,
        entries=tally.entries,
        held_out=tally.held_out,
        messages=tally.messages,
        others=tally.others,
        fates=tally.fates,
        alone=tally.alone,
        exits=tally.exits,
        notes=tally.notes,
        moves=tally.moves,
        steps=tally.steps,
        by_arrival=tally.by_arrival,
        peak_minute=most,
        peak_at=moment_of_minute(minute) if most else None,
        goal={"treated": tally.treated, "control": tally.control} if journey.goal else {},
        days=list(_days(span, tally)),
        shown=[_cut(each, max(_SHORTEST, _LONGEST // len(found.of))) for each in first_shown(tally.shown)],
        unmade=sorted(_unmade(tally), key=lambda each: (-each.people, each)),
    )


def _cut(one: WouldGet, longest: int) -> WouldGet:
    def cut(text: str) -> str:
        return text if len(text) <= longest else f"{text[: longest - 1]}…"

    return replace(one, title=cut(one.title), body=cut(one.body), because=cut(one.because))


def _unmade(tally: Tally) -> Iterator[Unmade]:
    for key, people in tally.unmade_people.items():
        yield Unmade(*Trouble.of(key), people, tally.unmade[key])


def _days(span: Span, tally: Tally) -> Iterator[DayInPast]:
    last = span.until.astimezone(UTC) - datetime.resolution
    days = range(span.since.astimezone(UTC).toordinal(), last.toordinal() + 1)
    for day, inside in zip(days, accumulate(tally.changes[day] for day in days), strict=True):
        yield DayInPast(date.fromordinal(day), tally.came[day], tally.sent[day], inside)
