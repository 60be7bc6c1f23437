"""Two who save a campaign at once leave the scheduler with what its newest version says."""

from collections.abc import Callable, Collection

import pytest

from regulars.domain.campaigns.occurrences import schedule_name, schedule_of
from tests.usecases.scheduled_world import THURSDAYS, ScheduledWorld

FRIDAYS = {**THURSDAYS, "cron": "0 18 ? * FRI *"}


def as_the_next_reads_the_names(world: ScheduledWorld, meanwhile: Callable[[], object]) -> None:
    """When it has read the newest version, and before it changes a schedule."""
    names = world.scheduler.names

    def interrupted(prefix: str = "") -> Collection[str]:
        world.scheduler.names = names  # type: ignore[method-assign]
        meanwhile()
        return names(prefix)

    world.scheduler.names = interrupted  # type: ignore[method-assign]


def wanted(world: ScheduledWorld) -> list[str]:
    schedule = schedule_of(world.definitions.get("campaign", "october"))
    return [schedule_name("october", schedule)] if schedule else []


@pytest.mark.parametrize("others", [FRIDAYS, None])
def test_of_two_puts_at_once_the_newer_versions_timing_stays(others: dict[str, str] | None) -> None:
    world = ScheduledWorld()
    as_the_next_reads_the_names(world, lambda: world.put(others))
    world.put(THURSDAYS)
    assert world.definitions.get("campaign", "october").version == 2
    assert list(world.scheduler.kept) == wanted(world)


def test_what_is_archived_while_it_is_put_is_started_no_more() -> None:
    world = ScheduledWorld()
    as_the_next_reads_the_names(world, world.archive)
    world.put(THURSDAYS)
    assert (world.scheduler.kept, wanted(world)) == ({}, [])


def test_what_is_put_while_it_is_archived_keeps_its_timing() -> None:
    world = ScheduledWorld()
    world.put(THURSDAYS)
    as_the_next_reads_the_names(world, lambda: world.put(FRIDAYS))
    world.archive()
    assert list(world.scheduler.kept) == wanted(world) != []
