"""Whether the platform does what it should: what is wrong, and what to do about it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from regulars.domain.campaigns.run import RunSummary
from regulars.domain.curation.state import CurateState
from regulars.domain.dead_letters import PURPOSES
from regulars.domain.operations import Alarm
from regulars.ports import AlarmReader, Clock, CurateStateStore, DeadLetterQueue, RunStore

LATE = timedelta(hours=1)
"""Curate runs every quarter of an hour (template.yaml): four in a row that do not finish are no coincidence."""

RUNS = 50
"""How many of the newest runs are looked at."""


@dataclass(frozen=True)
class Concern:
    """Something that is not as it should be; `advice` is what to do next."""

    code: str
    message: str
    advice: str


@dataclass(frozen=True)
class CurateLook:
    """`finished_at` is when the last run that succeeded ended, None before the first; `error` is that of the last one."""

    running: bool
    finished_at: datetime | None
    error: str


@dataclass(frozen=True)
class Health:
    """`dead_letters` has the count of each queue. A campaign's failed run counts until a newer run of it has not failed; so does one that is paused
    until somebody mends something."""

    healthy: bool
    concerns: Sequence[Concern]
    alarms: Sequence[Alarm]
    dead_letters: Mapping[str, int]
    curate: CurateLook
    failed_runs: Sequence[str]


def check_health(
    *, clock: Clock, alarms: AlarmReader, dead_letters: Mapping[str, DeadLetterQueue], curate_state: CurateStateStore, runs: RunStore
) -> Health:
    """Raises InfrastructureError where a part cannot be asked."""
    now, curate = clock.now(), curate_state.get().value
    told, letters = alarms.all(), {name: queue.depth() for name, queue in dead_letters.items()}
    failed = _failed([run.summary for run in runs.listed(limit=RUNS).runs])
    concerns = [*_about_alarms(told), *_about_letters(letters), *_about_curate(curate, now), *_about_runs(failed)]
    look = CurateLook(curate.is_running(now), curate.finished_at, curate.error)
    return Health(not concerns, concerns, told, letters, look, [run.run_id for run in failed])


def _failed(runs: Sequence[RunSummary]) -> Sequence[RunSummary]:
    """The newest run of each campaign, where it failed, or waits for somebody."""
    newest = {run.campaign_id: run for run in reversed(runs)}
    return [run for run in newest.values() if run.state == "failed" or (run.state == "paused" and run.error)]


def _about_alarms(alarms: Sequence[Alarm]) -> Iterator[Concern]:
    for alarm in alarms:
        if alarm.state == "alarm":
            yield Concern("alarm", f"{alarm.name} rings: {alarm.reason}", alarm.description)


def _about_letters(letters: Mapping[str, int]) -> Iterator[Concern]:
    for queue, count in letters.items():
        if count:
            advice = f"{PURPOSES[queue].advice} `regulars dlq list {queue}` says why, `regulars logs {PURPOSES[queue].function}` at length."
            yield Concern("dead_letters", f"{count} in the dead-letter queue of {queue}", advice)


def _about_curate(curate: CurateState, now: datetime) -> Iterator[Concern]:
    advice = "New events wait in raw/ and are not lost; `regulars logs curate` says more."
    if curate.error:
        yield Concern("curate_failed", f"the last curate failed: {curate.error}", advice)
    elif curate.finished_at is not None and now - curate.finished_at > LATE and not curate.is_running(now):
        yield Concern("curate_late", f"curate finished last at {curate.finished_at:%Y-%m-%d %H:%M} UTC", advice)


def _about_runs(failed: Sequence[RunSummary]) -> Iterator[Concern]:
    for run in failed:
        why = run.error.message if run.error else "no reason was recorded"
        if run.state == "paused":
            advice = f"Mend it, then `regulars campaign resume {run.run_id}`: nobody is marked as failed."
            yield Concern("run_paused", f"run {run.run_id} of {run.campaign_id} is paused: {why}", advice)
        else:
            yield Concern("run_failed", f"run {run.run_id} of {run.campaign_id} failed: {why}", f"`regulars campaign status {run.run_id}` shows it.")
