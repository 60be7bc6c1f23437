"""Another system sends somebody into a journey."""

from typing import Any

import pytest

from regulars.domain.errors import ConflictError, InvalidRequestError, NotFoundError
from regulars.usecases.start_journey import JourneyStarted, start_journey
from tests.usecases.journey_world import JourneyWorld

CALLED: dict[str, Any] = {
    "id": "called",
    "entry": {"api": True, "where": [{"property": "amount", "gte": 10}], "key": "order"},
    "start": "hello",
    "steps": {"hello": {"message": {"push": {"title": "{{ event.amount }}"}}, "then": None}},
}


@pytest.fixture
def world() -> JourneyWorld:
    world = JourneyWorld()
    world.knows("ann", device="tok-ann")
    world.launch(CALLED)
    return world


def start(world: JourneyWorld, user_id: str = "ann", journey: str = "called", identity: str | None = None, **properties: Any) -> JourneyStarted:
    ports: Any = {"definitions": world.definitions, "registry": world.registry, "queue": world.queue, "clock": world.clock}
    sent = len(world.queue.sent)
    started = start_journey(journey, user_id, properties, identity=identity, **ports)
    world.work(world.queue.sent[sent:])
    return started


def test_whoever_is_sent_comes_in_with_what_the_call_says_where_the_journey_takes_them(world: JourneyWorld) -> None:
    start(world, amount=12, order="a")
    start(world, amount=9, order="b")
    start(world, amount=30, order="c")
    assert world.titles("ann") == ["12", "30"]


def test_the_same_call_again_is_the_same_start(world: JourneyWorld) -> None:
    for _ in range(2):
        assert start(world, amount=12, order="a", identity="order-1").id == "order-1"
    assert world.titles("ann") == ["12"]


def test_properties_are_as_large_as_those_of_an_event_and_no_larger(world: JourneyWorld) -> None:
    start(world, amount=12, order="a", text="y" * 32_000)
    for much in ("y" * 33_000, "y" * 1_100_000):
        with pytest.raises(InvalidRequestError, match=r"properties: the event is .* bytes") as refused:
            start(world, amount=12, order="b", text=much)
        assert refused.value.field == "properties"
    with pytest.raises(InvalidRequestError, match="NUL"):
        start(world, amount=12, order="b", text="a\0b")
    assert world.titles("ann") == ["12"]


@pytest.mark.parametrize("identity", ["", " "])
def test_an_empty_id_is_refused_because_it_would_name_no_call(world: JourneyWorld, identity: str) -> None:
    with pytest.raises(InvalidRequestError, match=r"^id: is empty"):
        start(world, identity=identity)
    assert not world.queue.sent


def test_what_cannot_be_begun_so_is_refused(world: JourneyWorld) -> None:
    world.launch("welcome")
    for journey, error in (("welcome", ConflictError), ("nowhere", NotFoundError)):
        with pytest.raises(error):
            start(world, journey=journey)
    for user_id in ("", "  ", "x" * 300, "a\nb"):
        with pytest.raises(InvalidRequestError):
            start(world, user_id)
    world.stop("called")
    with pytest.raises(ConflictError):
        start(world)
