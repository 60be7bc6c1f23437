"""A platform whose scheduler calls twice, by a clock that a test moves: no run is ever delivered here, but ended when a test says so."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from regulars.domain.campaigns.run import Run
from regulars.usecases.archive_campaign import archive_campaign
from regulars.usecases.put_campaign import SavedCampaign, put_campaign
from regulars.usecases.start_occurrence import OccurrenceAnswer, start_occurrence
from regulars.usecases.watch_schedules import Watched, watch_schedules
from tests.fakes.clock import MovableClock
from tests.fakes.services import MemoryRunner, MemoryScheduler
from tests.fakes.stores import MemoryDefinitions, MemoryObjects, MemoryRuns

CAMPAIGN: dict[str, Any] = {"id": "october", "audience": {"include": ["all"]}, "message": {"push": {"title": "Hi"}}}
EVERYBODY = {"id": "all", "name": "All", "rule": {"everyone": True}}
THURSDAYS = {"cron": "0 18 ? * THU *", "timezone": "Europe/Berlin"}
NOON = datetime(2026, 10, 7, 12, tzinfo=UTC)
"""A Wednesday, eighteen days before clocks are put back in Europe."""


class ScheduledWorld:
    def __init__(self, now: datetime = NOON) -> None:
        self.definitions, self.runs, self.runner = MemoryDefinitions(), MemoryRuns(), MemoryRunner()
        self.scheduler, self.clock = MemoryScheduler(), MovableClock(now)
        self.definitions.put("segment", "all", EVERYBODY, at=now, by="mara")

    def put(self, schedule: dict[str, Any] | None, **changes: Any) -> SavedCampaign:
        document = {**CAMPAIGN, **({"schedule": schedule} if schedule else {}), **changes}
        return put_campaign(document, by="mara", definitions=self.definitions, scheduler=self.scheduler, lake=MemoryObjects(), clock=self.clock)

    def archive(self) -> None:
        archive_campaign("october", definitions=self.definitions, runs=self.runs, scheduler=self.scheduler, clock=self.clock)

    def call(self, scheduled: datetime) -> OccurrenceAnswer:
        """As the scheduler does."""
        return start_occurrence("october", scheduled, definitions=self.definitions, runs=self.runs, campaign_runner=self.runner, clock=self.clock)

    def watch(self) -> Watched:
        return watch_schedules(definitions=self.definitions, runs=self.runs, scheduler=self.scheduler, clock=self.clock)

    def until(self, end: datetime, *, step: timedelta = timedelta(hours=1), called: bool = True) -> list[OccurrenceAnswer]:
        """The clock goes to `end` step by step. The scheduler calls twice at whatever its schedules say, half a minute late, and the sweep looks
        after each step."""
        answers = []
        while self.clock.now() < end:
            since = self.clock.now()
            self.clock.advance(step)
            due = [each.at for _, schedule in self.scheduler.kept.values() for each in schedule.within(since, self.clock.now(), 9)]
            for moment in due if called else []:
                later, self.clock.moment = self.clock.moment, moment + timedelta(seconds=30)
                answers += [self.call(moment) for _ in range(2)]
                self.clock.moment = later
            self.watch()
        return answers

    def end(self, state: str = "succeeded", **fields: Any) -> None:
        """Every run that goes on ends so."""
        for run in self.runs.unfinished():
            stored = self.runs.get(run.run_id)
            self.runs.put(replace(stored.value, state=state, concluded_at=self.clock.now(), **fields), expected=stored.version)  # type: ignore[arg-type]

    @property
    def all_runs(self) -> Sequence[Run]:
        return self.runs.listed(limit=1000).runs[::-1]
