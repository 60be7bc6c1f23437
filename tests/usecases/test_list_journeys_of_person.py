"""Which journeys somebody is in."""

import pytest

from regulars.domain.errors import InvalidRequestError
from regulars.usecases.list_journeys_of_person import JourneysOfPerson, list_journeys_of_person
from tests.usecases.journey_world import JourneyWorld


def asked(world: JourneyWorld, user_id: str) -> JourneysOfPerson:
    return list_journeys_of_person(user_id, world.live()().books, journeys=world.journeys)


def test_whoever_is_inside_is_told_with_the_step_and_what_is_waited_for() -> None:
    world = JourneyWorld()
    world.launch("welcome")
    world.knows("ann")
    world.happens("ann", "Signed Up")
    ((journey,), none) = asked(world, "ann").journeys, asked(world, "bob").journeys
    (run,) = journey.runs
    assert (journey.journey, run.step, run.status, none) == ("welcome", "look", "in", [])
    assert run.waits_for and run.until


def test_of_nobody_is_refused() -> None:
    with pytest.raises(InvalidRequestError):
        asked(JourneyWorld(), "")
