"""What a report is about, in the words of its campaign or journey."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from regulars.domain.campaigns.campaign import Campaign
from regulars.domain.campaigns.run import Run
from regulars.domain.goals import Goal
from regulars.domain.journeys.journey import Journey
from regulars.domain.markup import element
from regulars.domain.measure.figures import Metric
from regulars.domain.measure.page import words
from regulars.domain.measure.page.parts import Content, name, paragraph
from regulars.domain.measure.wording import length


@dataclass(frozen=True)
class Subject:
    """`details` say which run or version it is, on which state of the lake; `crumb` where the reader is."""

    noun: Literal["run", "journey"]
    title: str
    goal: Goal | None
    crumb: Sequence[Content]
    details: Sequence[tuple[str, Sequence[Content]]]
    sends: bool = True

    def measured(self, metric: Metric) -> str:
        return "Extra people who reached the goal, of every 100" if metric == "conversion" else "Extra value a head"

    def of_metric(self, metric: Metric) -> Sequence[Content]:
        """What is counted."""
        goal = self.goal
        if goal is None:
            return []
        if metric == "conversion":
            return [paragraph("Who did ", name(goal.event), f" within {length(goal.within)}, whether or not the message reached them.")]
        return [paragraph("The sum of ", name(".".join(goal.value)), " of each person's ", name(goal.event), "; whoever has none counts as 0.")]


def subject_of_run(run: Run, campaign: Campaign) -> Subject:
    title = campaign.name or campaign.id
    return Subject("run", title, campaign.goal, ["Campaign ", name(title), " / run ", name(run.run_id)], list(_of_run(run, title)), run.sends)


def subject_of_journey(journey: Journey, since: datetime) -> Subject:
    title = journey.name or journey.id
    details: Sequence[tuple[str, Sequence[Content]]] = [
        ("Journey", [name(title), f" ({journey.id}, version {journey.version})"]),
        ("People who came in since", [words.moment(since)]),
    ]
    return Subject("journey", title, journey.goal, ["Journey ", name(title)], details)


def _of_run(run: Run, title: str) -> Iterator[tuple[str, Sequence[Content]]]:
    yield "Run", [name(run.run_id), f", {run.state}"]
    yield "Campaign", [name(title), f" ({run.campaign.id}, version {run.campaign.version})"]
    yield "Launched", [words.moment(run.launched_at)]
    yield "Audience as of", [words.moment(run.as_of)]
    yield "Outcomes from", [words.moment(run.planned_at)]
    yield "Segments", _joined([[name(segment.id), f" version {segment.version}"] for segment in run.segments.values()])
    if run.plan and run.plan.snapshots:
        yield "Snapshots of the lake", _joined([[f"{table} {snapshot or 'none yet'}"] for table, snapshot in run.plan.snapshots.items()])


def _joined(parts: Sequence[Sequence[Content]]) -> Sequence[Content]:
    """With commas between them."""
    told: list[Content] = []
    for part in parts:
        told += [", ", *part] if told else part
    return told or [element("span", "none")]
