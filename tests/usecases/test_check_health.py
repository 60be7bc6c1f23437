from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from regulars.domain.curation.state import CurateState
from regulars.domain.operations import Alarm, AlarmState
from regulars.ports import DeadLetterQueue, Stored
from regulars.usecases.check_health import Health, check_health
from tests.fakes.clock import MovableClock
from tests.fakes.operations import MemoryAlarms, MemoryDeadLetters
from tests.fakes.stores import MemoryCurateState, MemoryRuns

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def alarm(state: AlarmState) -> Alarm:
    return Alarm("EventDeadLetters", state, "bring them back", "1 is more than 0", NOON)


def health(
    *,
    alarms: tuple[Alarm, ...] = (),
    letters: Mapping[str, int] | None = None,
    curate: CurateState | None = None,
) -> Health:
    queues: dict[str, DeadLetterQueue] = {name: MemoryDeadLetters(*["batch"] * count) for name, count in (letters or {}).items()}
    state = MemoryCurateState()
    state.stored = Stored(curate or CurateState(), 1)
    return check_health(clock=MovableClock(NOON), alarms=MemoryAlarms(alarms), dead_letters=queues, curate_state=state, runs=MemoryRuns())


def test_a_platform_that_was_just_deployed_is_well() -> None:
    found = health(alarms=(alarm("ok"), replace(alarm("insufficient_data"), name="RunFailed")), letters={"events": 0})
    assert found.healthy
    assert not found.concerns
    assert [each.name for each in found.alarms] == ["EventDeadLetters", "RunFailed"]


def test_an_alarm_that_rings_says_why_and_what_to_do() -> None:
    found = health(alarms=(alarm("alarm"),))
    assert not found.healthy
    assert [(each.code, each.message, each.advice) for each in found.concerns] == [
        ("alarm", "EventDeadLetters rings: 1 is more than 0", "bring them back")
    ]


def test_dead_letters_are_counted_by_queue() -> None:
    found = health(letters={"curate": 0, "events": 3})
    assert found.dead_letters == {"curate": 0, "events": 3}
    assert [each.message for each in found.concerns] == ["3 in the dead-letter queue of events"]


@pytest.mark.parametrize(
    ("curate", "code"),
    [
        (CurateState(error="no such table", finished_at=NOON), "curate_failed"),
        (CurateState(finished_at=NOON - timedelta(minutes=61)), "curate_late"),
    ],
)
def test_a_curate_that_failed_or_does_not_come_is_a_concern(curate: CurateState, code: str) -> None:
    assert [each.code for each in health(curate=curate).concerns] == [code]


@pytest.mark.parametrize(
    "curate",
    [
        CurateState(finished_at=NOON - timedelta(minutes=59)),
        CurateState(finished_at=NOON - timedelta(minutes=61), running_until=NOON + timedelta(minutes=1)),
    ],
)
def test_a_curate_that_runs_or_ran_a_while_ago_is_none(curate: CurateState) -> None:
    assert health(curate=curate).healthy
