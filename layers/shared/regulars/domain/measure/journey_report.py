"""What a journey changed, and what became of people in it, as `journey report --json` shows it (docs/measure.md)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter

from regulars.domain.documents import JsonObject
from regulars.domain.journeys.journey import Journey
from regulars.domain.journeys.parse import parse_journey
from regulars.domain.journeys.registry import Standing
from regulars.domain.language.times import shown
from regulars.domain.measure.journey_query import entries
from regulars.domain.measure.journey_steps import StepFigures, read_steps
from regulars.domain.measure.report import Report, report_of
from regulars.domain.measure.study import study_of_journey
from regulars.domain.queries import ResultRow


@dataclass(frozen=True)
class JourneyReport:
    """Of who came in from `since` on, whatever the version was; arms, goal and steps are those of `version`. `effect` tells people by their first run
    in the span, `steps` all runs."""

    journey: str
    version: int
    since: datetime
    effect: Report
    steps: Sequence[StepFigures]


@dataclass(frozen=True)
class JourneyQuery:
    """The queries of a report (`journey_query`, `journey_steps`) as of a moment, the states of the lake that they read, and what they are about."""

    query_id: str
    steps_id: str
    as_of: datetime
    since: datetime
    document: JsonObject
    standing: Standing
    snapshots: Mapping[str, str | None]

    @property
    def journey(self) -> Journey:
        return parse_journey(self.document)


@dataclass(frozen=True)
class JourneyOutcomes:
    """Rows as Athena gave them."""

    asked: JourneyQuery
    rows: Sequence[ResultRow]
    steps: Sequence[ResultRow]
    cost_usd: float

    def hold(self, asked: JourneyQuery) -> bool:
        """Whether asking this would answer the same: everybody's window had closed, and since then nothing was written."""
        mine = self.asked
        if (mine.document, mine.since, dict(mine.snapshots)) != (asked.document, asked.since, dict(asked.snapshots)):
            return False
        window = self.report({}, asked.standing).effect.window
        return window is None or window.closed

    def report(self, waiting: Mapping[str, int], standing: Standing) -> JourneyReport:
        asked, journey = self.asked, self.asked.journey
        first, last = entries(self.rows) or (asked.since, asked.since)
        study = study_of_journey(journey, standing, first=first, last=last, as_of=asked.as_of)
        effect = report_of(study, self.rows, as_of=asked.as_of, cost={"report": self.cost_usd})
        return JourneyReport(journey.id, journey.version, asked.since, effect, read_steps(journey, self.steps, waiting))


def journey_asked_key(journey: Journey, since: datetime) -> str:
    """In the lake's bucket, as the next: of each version and span there is one."""
    return f"{_folder(journey, since)}/asked.json"


def journey_outcomes_key(journey: Journey, since: datetime) -> str:
    return f"{_folder(journey, since)}/outcomes.json"


def _folder(journey: Journey, since: datetime) -> str:
    of = hashlib.sha256(f"{journey.version} {shown(since)}".encode()).hexdigest()[:16]
    return f"reports/journeys/{journey.id}/{of}"


JOURNEY_ASKED: TypeAdapter[JourneyQuery] = TypeAdapter(JourneyQuery)
JOURNEY_OUTCOMES: TypeAdapter[JourneyOutcomes] = TypeAdapter(JourneyOutcomes)
