"""Where people are is looked at only of those who agreed, only where somebody wants it, and no point is kept."""

import gzip
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from regulars.domain.collection.message import QueueMessage, unpacked
from regulars.domain.people.profile import Profile
from regulars.domain.people.traits import KnownTrait
from regulars.usecases.load import Loaded, load
from regulars.usecases.match_places import MAX_AGE, PlaceMatcher
from tests.fakes.clock import MovableClock
from tests.fakes.content import MemoryPresences
from tests.fakes.services import MemoryQueue
from tests.fakes.stores import MemoryDefinitions, MemoryDevices, MemoryEventNames, MemoryObjects, MemoryProfiles
from tests.usecases.test_load import message, track

NOW = datetime(2026, 11, 21, 10, 5, tzinfo=UTC)
SHOPS = {"id": "shops", "places": [{"id": "soho", "lat": 51.513, "lon": -0.131}]}
THERE = {"latitude": 51.51312, "longitude": -0.13107, "city": "London"}
AWAY = {"latitude": 51.6, "longitude": -0.13}


def profile(user_id: str, **traits: Any) -> Profile:
    return Profile(user_id, {name: KnownTrait(value, "2026-01-01T00:00:00Z", "") for name, value in traits.items()})


class World:
    """Ann has agreed, Ben was not asked, and Cem said no."""

    def __init__(self, **settings: Any) -> None:
        self.definitions, self.objects, self.clock = MemoryDefinitions(), MemoryObjects(), MovableClock(NOW)
        people = [profile("ann", consent={"location": True}), profile("ben"), profile("cem", location_opt_out=True)]
        self.profiles, self.presences, self.queue = MemoryProfiles(people), MemoryPresences(), MemoryQueue()
        self.definitions.put("places", "shops", SHOPS, at=NOW, by="ada")
        self.settings(**settings)
        self.matcher = PlaceMatcher(self.definitions, self.profiles, self.presences, self.queue, self.clock)

    def settings(self, **location: Any) -> None:
        document = {"id": "settings", **({"location": {"match": True, "dwell": "0", **location}} if location.get("match", True) else {})}
        self.definitions.put("settings", "settings", document, at=NOW, by="ada")

    def load(self, *events: dict[str, Any]) -> Loaded:
        stores: dict[str, Any] = {"objects": self.objects, "profiles": self.profiles, "devices": MemoryDevices(), "names": MemoryEventNames()}
        return load([message(*events)], **stores, queue=self.queue, clock=self.clock, matcher=self.matcher)

    @property
    def told(self) -> list[tuple[str, str]]:
        deliveries = [unpacked(QueueMessage("id", body)) for body in self.queue.bodies]
        assert all(each.source == "regulars" for each in deliveries)
        return [(event["event"], event["userId"]) for each in deliveries for event in each.document["batch"]]

    @property
    def rows(self) -> list[dict[str, Any]]:
        (body,) = (body for key, body in self.objects.content.items() if key.startswith("raw/"))
        return [orjson.loads(line) for line in gzip.decompress(body).splitlines()]


def seen(user_id: str = "ann", minute: int = 0, location: Any = THERE, **more: Any) -> dict[str, Any]:
    at = f"2026-11-21T09:{minute:02}:00Z"
    return track(userId=user_id, messageId=f"{user_id}-{minute}", timestamp=at, context={"location": location, "locale": "en"}, **more)


def test_who_agreed_is_told_of_and_nobody_else() -> None:
    world = World()
    done = world.load(seen("ann"), seen("ben"), seen("cem"), seen("nobody-knows-them"))
    assert (done.passages, world.told) == (1, [("Place Entered", "ann")])
    assert list(world.presences.kept) == ["ann"]


def test_the_lake_gets_no_finer_point_than_a_kilometre() -> None:
    world = World()
    world.load(seen("ann"), seen("ben"))
    kept = [orjson.loads(row["context"]) for row in world.rows]
    assert kept == [{"location": {"latitude": 51.51, "longitude": -0.13, "city": "London"}, "locale": "en"}] * 2


def test_where_nobody_wants_it_events_stay_as_they_are() -> None:
    world = World(match=False)
    assert world.load(seen("ann")).passages == 0
    assert orjson.loads(world.rows[0]["context"])["location"] == THERE and not world.presences.kept


def test_whoever_goes_is_told_of_once_they_are_gone() -> None:
    world = World()
    world.load(seen(minute=1), seen(minute=2))
    world.load(seen(minute=3, location=AWAY))
    world.load(seen(minute=1), seen(minute=2))
    assert world.told == [("Place Entered", "ann"), ("Place Exited", "ann")]


def test_a_consent_that_came_with_the_same_message_counts() -> None:
    world = World()
    world.load({"type": "identify", "userId": "ben", "messageId": "i", "traits": {"consent": {"location": True}}}, seen("ben"))
    assert world.told == [("Place Entered", "ben")]


ROBOT = {"location": THERE, "userAgent": "Googlebot/2.1 (+http://google.com/bot.html)"}


@pytest.mark.parametrize("more", [{"context": ROBOT}, {"userId": None, "anonymousId": "a"}])
def test_robots_and_who_is_not_known_are_looked_at_by_nobody(more: dict[str, Any]) -> None:
    world = World()
    world.load({**seen(), **more})
    assert world.told == [] and orjson.loads(world.rows[0]["context"])["location"]["latitude"] == 51.51


def test_a_queue_that_takes_nothing_costs_no_event_and_the_next_look_tells_it() -> None:
    world = World()
    world.queue = MemoryQueue(fail_after=0)
    world.matcher = PlaceMatcher(world.definitions, world.profiles, world.presences, world.queue, world.clock)
    done = world.load(seen(minute=1))
    assert done.events == 1 and not done.undone and "took nothing" in done.not_matched
    world = World()
    world.load(seen(minute=2))
    assert world.told == [("Place Entered", "ann")]


def test_settings_hold_within_a_minute() -> None:
    world = World(match=False)
    world.load(seen(minute=1))
    world.settings()
    assert world.load(seen(minute=2)).passages == 0
    world.clock.advance(MAX_AGE + timedelta(seconds=1))
    assert world.load(seen(minute=3)).passages == 1
