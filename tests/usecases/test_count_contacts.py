"""Whose pushes are noted: nobody's, until a run goes by a limit."""

from datetime import timedelta
from typing import Any

from regulars.domain.campaigns.parse import parse_campaign
from regulars.usecases.count_contacts import anybody_counts, count_contacts
from tests.examples import CAMPAIGN, MOMENT, campaign_run
from tests.fakes.clock import MovableClock
from tests.fakes.stores import MemoryContacts, MemoryDefinitions

CAP = {"count": 3, "within": "7d"}


class World:
    def __init__(self) -> None:
        self.contacts, self.definitions, self.clock = MemoryContacts(), MemoryDefinitions(), MovableClock()

    def notes(self, run_id: str = "r1", *, sends: bool = True, **delivery: Any) -> bool:
        run = campaign_run(run_id, {**CAMPAIGN, "delivery": delivery}, sends=sends)
        campaign = parse_campaign(run.campaign.document)
        return count_contacts(run, campaign, contacts=self.contacts, definitions=self.definitions, clock=self.clock)


def test_no_push_is_noted_while_no_run_goes_by_a_limit() -> None:
    world = World()
    assert not world.notes()
    assert world.contacts.kept == {}


def test_from_a_run_with_a_cap_on_those_of_all_runs_are_for_thirty_days() -> None:
    world = World()
    assert world.notes(cap=CAP)
    world.clock.advance(timedelta(days=29))
    assert world.notes("r2")
    world.clock.advance(timedelta(days=2))
    assert not world.notes("r3")
    assert world.notes("r4", cap=CAP)
    assert anybody_counts(world.contacts, world.clock.now())


def test_a_daily_limit_of_the_settings_is_one_too() -> None:
    world = World()
    world.definitions.put("settings", "settings", {"daily_limit": 3}, at=MOMENT, by="ann")
    assert world.notes()
    assert not world.notes(purpose="transactional")


def test_a_rehearsal_notes_nothing_and_says_nothing_to_others() -> None:
    world = World()
    assert not world.notes(sends=False, cap=CAP)
    assert world.contacts.kept == {}
    assert not anybody_counts(world.contacts, MOMENT)
