"""What a report is computed from, kept with its run: what was asked, and what came of it. The report itself is made of that each time, so that one
of a year ago is told by what is known today of how to tell it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter

from regulars.domain.campaigns.campaign import Campaign
from regulars.domain.campaigns.run import Run
from regulars.domain.lake.snapshots import Snapshots
from regulars.domain.queries import ResultRow


@dataclass(frozen=True)
class OutcomesQuery:
    """The query of `query.outcomes` as of a moment, and the states of the lake that it reads."""

    query_id: str
    as_of: datetime
    snapshots: Mapping[str, str | None]


@dataclass(frozen=True)
class Outcomes:
    """`rows` are the answer as Athena gave it: with its columns of that time."""

    asked: OutcomesQuery
    rows: Sequence[ResultRow]
    cost_usd: float

    def hold(self, run: Run, campaign: Campaign, snapshots: Snapshots) -> bool:
        """Whether asking again would answer the same: the window had closed, and since then nothing was written."""
        end = window_end(run, campaign)
        return dict(self.asked.snapshots) == dict(snapshots) and (end is None or end <= self.asked.as_of)


def window_end(run: Run, campaign: Campaign) -> datetime | None:
    """When goals stop counting; None where there is none."""
    return run.planned_at + campaign.goal.within if campaign.goal else None


def asked_key(run_id: str) -> str:
    """In the lake's bucket, as the next."""
    return f"reports/{run_id}/asked.json"


def outcomes_key(run_id: str) -> str:
    return f"reports/{run_id}/outcomes.json"


ASKED: TypeAdapter[OutcomesQuery] = TypeAdapter(OutcomesQuery)
OUTCOMES: TypeAdapter[Outcomes] = TypeAdapter(Outcomes)
