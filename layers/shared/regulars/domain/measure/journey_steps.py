"""What became of people at each step of a journey, as its trail tells it (`journeys.trail`): counted in runs, of which a person may have several."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, cast

from sqlglot import exp

from regulars.domain.journeys.journey import Journey
from regulars.domain.lake import sql
from regulars.domain.lake.event_names import (
    ERRAND_EVENTS,
    JOURNEY_LEFT,
    JOURNEY_NOTED,
    JOURNEY_STEP,
    MESSAGE_FAILED,
    MESSAGE_SENT,
    MESSAGE_SKIPPED,
    MESSAGE_UNKNOWN,
    WEBHOOK_FAILED,
    WEBHOOK_SENT,
)
from regulars.domain.lake.tables import OWN_SOURCE
from regulars.domain.queries import ResultRow
from regulars.domain.segments.compile.values import JsonValue

_STEPS: Final = """
SELECT event_name AS name, :step AS step, coalesce(:because, :reason, :status, '') AS because, count(*) AS times
FROM events
WHERE source = :own AND event_name IN :names AND :journey = :journey_id AND event_ts >= :since AND event_ts < :as_of
GROUP BY 1, 2, 3
"""

_DONE: Final[Mapping[str, str]] = {
    MESSAGE_SENT: "sent",
    MESSAGE_UNKNOWN: "unknown",
    MESSAGE_FAILED: "failed",
    MESSAGE_SKIPPED: "skipped",
    WEBHOOK_SENT: "sent",
    WEBHOOK_FAILED: "failed",
}


@dataclass(frozen=True)
class StepFigures:
    """How many runs `came` to the step, and by reason how many `left` the journey there; `noted` is what moved nobody, such as an event that came too
    late. What a step does for people is counted by outcome (`sent`, `unknown`) or by reason (`failed`, `skipped`): a message in devices. `waiting`
    are those who are in the step as it is looked at, None where nobody waits in such a step."""

    step: str
    came: int = 0
    waiting: int | None = None
    left: Mapping[str, int] = field(default_factory=dict)
    noted: Mapping[str, int] = field(default_factory=dict)
    sent: int = 0
    unknown: int = 0
    failed: Mapping[str, int] = field(default_factory=dict)
    skipped: Mapping[str, int] = field(default_factory=dict)


def steps_sql(journey_id: str, *, since: datetime, as_of: datetime) -> exp.Select:
    """One row for each name, step and reason, with its `times`."""
    names = sorted({JOURNEY_STEP, JOURNEY_LEFT, JOURNEY_NOTED} | ERRAND_EVENTS)
    values = {
        **{name: JsonValue(exp.column("properties"), (name,)).text() for name in ("step", "because", "reason", "status", "journey")},
        "own": sql.text(OWN_SOURCE),
        "names": exp.Tuple(expressions=[sql.text(name) for name in names]),
        "journey_id": sql.text(journey_id),
        "since": sql.timestamp(since),
        "as_of": sql.timestamp(as_of),
    }
    return cast(exp.Select, sql.statement(_STEPS, values))


def read_steps(journey: Journey, rows: Iterable[ResultRow], waiting: Mapping[str, int]) -> Sequence[StepFigures]:
    """In the order of the document, and then those of other versions by their names. `waiting` is of each step in which people wait."""
    times: dict[str, Counter[tuple[str, str]]] = {name: Counter() for name in journey.steps}
    for row in rows:
        times.setdefault(row["step"] or "", Counter())[row["name"] or "", row["because"] or ""] += int(row["times"] or 0)
    others = sorted(times.keys() - journey.steps.keys())
    return [_step(name, times[name], waiting.get(name)) for name in (*journey.steps, *others)]


def _step(name: str, times: Counter[tuple[str, str]], waiting: int | None) -> StepFigures:
    done: dict[str, Counter[str]] = {outcome: Counter() for outcome in ("sent", "unknown", "failed", "skipped")}
    for (event, because), number in times.items():
        if event in _DONE:
            done[_DONE[event]][because] += number
    return StepFigures(
        step=name,
        came=sum(_by_reason(times, JOURNEY_STEP).values()),
        waiting=waiting,
        left=_by_reason(times, JOURNEY_LEFT),
        noted=_by_reason(times, JOURNEY_NOTED),
        sent=done["sent"].total(),
        unknown=done["unknown"].total(),
        failed=dict(done["failed"]),
        skipped=dict(done["skipped"]),
    )


def _by_reason(times: Counter[tuple[str, str]], event: str) -> Mapping[str, int]:
    return {because: number for (name, because), number in times.items() if name == event}
