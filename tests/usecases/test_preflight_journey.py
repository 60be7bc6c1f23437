"""What a launch would do with who is inside, and what is wrong or odd: told before, and nothing is done."""

from datetime import timedelta
from typing import Any

from regulars.domain.quality.catalog import Catalog, CatalogedEvent
from regulars.domain.quality.catalog_document import KEY, written
from regulars.domain.refreshes import Listed, Refresh
from regulars.usecases.preflight_journey import Foreseen, JourneyPreflight, preflight_journey
from regulars.usecases.put_journey import look_at_journey, put_journey
from regulars.usecases.show_journeys import show_journey
from tests.usecases.journey_world import DOCUMENTS, NOW, JourneyWorld


def foreseen(world: JourneyWorld) -> JourneyPreflight:
    ports: Any = {"definitions": world.definitions, "registry": world.registry, "journeys": world.journeys, "lake": world.lake}
    return preflight_journey("welcome", refreshes=world.refreshes, **ports)


def inside() -> JourneyWorld:
    world = JourneyWorld()
    world.launch("welcome")
    for user_id in ("ann", "bob"):
        world.knows(user_id)
        world.happens(user_id, "Signed Up")
    return world


def save(world: JourneyWorld, **changed: object) -> None:
    put_journey({**DOCUMENTS["welcome"], **changed}, by="mara", definitions=world.definitions, lake=world.lake, clock=world.clock)


def test_whoever_is_inside_stays_moves_or_leaves_as_the_new_version_says() -> None:
    world = inside()
    steps = DOCUMENTS["welcome"]["steps"]
    renamed = {**{name: step for name, step in steps.items() if name != "look"}, "watch": steps["look"]}
    renamed["hello"] = {**steps["hello"], "then": "watch"}
    (waits,) = foreseen(world).inside
    assert (waits.step, waits.waiting, waits.becomes, waits.to) == ("look", 2, "stay", "look")
    save(world, name="Renamed", steps=renamed, migrate={"from": [1], "map": {"look": "watch"}})
    found = foreseen(world)
    assert (found.version, found.launched_version, found.errors) == (2, 1, ())
    assert found.inside == [Foreseen("look", [1], 2, "move", "watch", waits.next_due)]
    save(world, steps=renamed, migrate={"from": [1]})
    assert [(each.becomes, each.to) for each in foreseen(world).inside] == [("leave", "")]
    assert world.registry.get().value.journeys["welcome"].versions == (1,)


def test_only_people_of_the_versions_that_come_over_are_said_to_move_or_to_leave() -> None:
    world = inside()
    save(world, name="Second")
    world.launch({**DOCUMENTS["welcome"], "name": "Second"})
    world.knows("eve")
    world.happens("eve", "Signed Up")
    steps = {"hello": {**DOCUMENTS["welcome"]["steps"]["hello"], "then": None}}
    save(world, steps=steps, migrate={"from": [1]})
    assert [(each.step, each.versions, each.waiting, each.becomes, each.to) for each in foreseen(world).inside] == [
        ("look", [1], 2, "leave", ""),
        ("look", [2], 1, "stay", "look"),
    ]


def test_of_a_journey_with_a_key_runs_are_counted_because_somebody_may_have_several() -> None:
    world = JourneyWorld()
    world.launch({**DOCUMENTS["welcome"], "entry": {**DOCUMENTS["welcome"]["entry"], "key": "order"}})
    world.knows("ann")
    for order in ("a", "b"):
        world.happens("ann", "Signed Up", order=order)
    found = foreseen(world)
    shown = show_journey("welcome", definitions=world.definitions, registry=world.registry, journeys=world.journeys)
    assert [(found.counts, each.waiting) for each in found.inside] == [("runs", 2)]
    assert (shown.counts, shown.waiting) == ("runs", 2) and "2 runs" in shown.picture
    assert foreseen(inside()).counts == "people"


def test_a_preflight_of_a_journey_that_is_paused_says_what_its_launch_would_send() -> None:
    world = inside()
    assert not any("paused" in each.message for each in foreseen(world).warnings)
    world.pause("welcome")
    world.sweep(later=timedelta(days=2))
    (said,) = [each for each in foreseen(world).warnings if "paused" in each.message]
    assert (said.path, "4 messages and calls" in said.message) == ("migrate", True)


def test_what_has_become_wrong_since_it_was_saved_is_told() -> None:
    world = JourneyWorld()
    world.launch("welcome")
    document = {**DOCUMENTS["welcome"], "entry": {"segment": "gone"}}
    world.definitions.put("journey", "welcome", document, at=world.clock.now(), by="mara")
    (error,) = foreseen(world).errors
    assert error.path == "entry.segment" and error.message == "there is no segment `gone`: put it first"


def test_everything_that_is_wrong_is_told_at_once_with_its_path() -> None:
    world = JourneyWorld()
    steps = {
        "ask": {"branch": [{"if": {"event": "Bought", "count": {"gte": 2}}, "then": None}, {"if": {"segment": "none"}, "then": None}], "else": "go"},
        "go": {"start": "nowhere", "then": None},
    }
    document = {**DOCUMENTS["welcome"], "steps": steps, "start": "ask", "exit": []}
    document.pop("exit")
    found = look_at_journey(document, definitions=world.definitions, lake=world.lake)
    assert [each.path for each in found.errors] == ["steps.go.start", "steps.ask.branch[0].if", "steps.ask.branch[1].if"]


def test_a_segment_into_which_nobody_comes_because_nobody_looks_is_no_entry() -> None:
    world = JourneyWorld()
    document = {**DOCUMENTS["welcome"], "entry": {"segment": "vips"}}
    segment = {"id": "vips", "rule": {"trait": "tier", "eq": "gold"}}
    world.definitions.put("segment", "vips", segment, at=NOW, by="mara")
    (error,) = look_at_journey(document, definitions=world.definitions, lake=world.lake).errors
    assert error.path == "entry.segment" and error.message.endswith('it is not refreshed: put it with "refresh": "1h"')
    world.definitions.put("segment", "vips", {**segment, "refresh": "1h"}, at=NOW, by="mara")
    assert not look_at_journey(document, definitions=world.definitions, lake=world.lake).errors


def test_a_journey_that_is_started_begins_by_that_and_a_preflight_warns_where_it_takes_nobody_in() -> None:
    world = JourneyWorld()
    steps = {"go": {"start": "other", "then": None}}
    starting = {**DOCUMENTS["welcome"], "steps": steps, "start": "go"}
    starting.pop("exit")
    other = {**DOCUMENTS["welcome"], "id": "other"}
    world.definitions.put("journey", "other", other, at=NOW, by="mara")
    (error,) = look_at_journey(starting, definitions=world.definitions, lake=world.lake).errors
    assert error.path == "steps.go.start" and error.message.endswith('its `entry` would have to be {"api": true}')
    world.definitions.put("journey", "other", {**other, "entry": {"api": True}}, at=NOW, by="mara")
    save(world, steps=steps, start="go", exit=[{"event": "Account Deleted"}])
    assert [each.message for each in foreseen(world).warnings if each.path == "steps.go.start"] == [
        "the journey `other` was never launched: it takes nobody in"
    ]
    world.launch({**other, "entry": {"api": True}})
    assert "steps.go.start" not in [each.path for each in foreseen(world).warnings]
    world.stop("other")
    assert "the journey `other` is stopped: it takes nobody in" in [each.message for each in foreseen(world).warnings]


def test_what_is_named_and_not_there_is_told_beside_what_cannot_be_read_and_texts() -> None:
    world = JourneyWorld()
    world.launch("welcome")
    steps = {
        "go": {"start": "welcom", "then": "tell"},
        "tell": {"message": {"push": {"title": "{{ nobody }}", "ttl": 7}}, "then": None},
        "lost": {"wiat": "1d", "then": None},
    }
    document = {**DOCUMENTS["welcome"], "id": "near", "entry": {"near": {"places": "shops"}}, "steps": steps, "start": "go", "exit": 7}
    found = {each.path: each.message for each in look_at_journey(document, definitions=world.definitions, lake=world.lake).errors}
    assert {"steps.tell.message.push.ttl", "steps.lost.wiat", "exit", "steps.tell.message.push.title"} <= set(found)
    assert found["entry.near.places"] == "there is no list of places `shops`: put it first"
    assert found["steps.go.start"] == "there is no journey `welcom` (did you mean `welcome`?): put it first"


def test_what_the_run_began_with_is_no_trait_that_nobody_sent() -> None:
    """`entry` in a rule is spelled as a trait of a name that nobody has: no warning knows it."""
    world = JourneyWorld()
    steps = {"worth": {"branch": [{"if": {"all": [{"entry": "price", "gte": 100}, {"trait": "plam", "eq": "gold"}]}, "then": None}], "else": None}}
    document = {"id": "worth", "entry": {"event": "Signed Up"}, "start": "worth", "steps": steps}
    world.lake.put(KEY, written(Catalog(NOW, (CatalogedEvent("Signed Up", "track", 1, NOW, NOW),))))
    found = look_at_journey(document, definitions=world.definitions, lake=world.lake)
    asked = [each for each in found.warnings if each.path.startswith("steps.worth")]
    assert [each.path for each in asked] == ["steps.worth.branch[0].if.all[1].trait"]


def test_whoever_is_in_the_segment_already_is_counted_and_does_not_come_in() -> None:
    world = JourneyWorld()
    world.definitions.put("segment", "vips", {"id": "vips", "rule": {"trait": "tier", "eq": "gold"}, "refresh": "1h"}, at=NOW, by="mara")
    save(world, entry={"segment": "vips"}, reentry={})
    assert (foreseen(world).members, foreseen(world).errors) == (None, ())
    world.refreshes.put(Refresh("vips", Listed("e1", {"vips": 1}, NOW, 12)), expected=0)
    assert (foreseen(world).members, foreseen(world).members_as_of, foreseen(world).seen) == (12, NOW, None)
