"""The picture of a journey with who is at each step now."""

from regulars.usecases.draw_journey import draw_journey
from tests.usecases.journey_world import DOCUMENTS, JourneyWorld


def drawn(world: JourneyWorld, draft: object = None) -> str:
    found = draw_journey("welcome", draft, definitions=world.definitions, registry=world.registry, journeys=world.journeys)  # type: ignore[arg-type]
    return str(found.drawing)


def test_whoever_waits_is_counted_at_their_step_also_in_a_draft() -> None:
    world = JourneyWorld()
    world.launch("welcome")
    for user_id in ("ann", "bob"):
        world.knows(user_id)
        world.happens(user_id, "Signed Up")
    assert "; 2 wait, next" in drawn(world)
    assert "; 2 wait, next" in drawn(world, {**DOCUMENTS["welcome"], "name": "Newer"})


def test_nobody_is_counted_in_one_that_was_never_launched() -> None:
    world = JourneyWorld()
    world.definitions.put("journey", "welcome", DOCUMENTS["welcome"], at=world.clock.now(), by="mara")
    assert "wait, next" not in drawn(world) and "; 0 wait" not in drawn(world)
