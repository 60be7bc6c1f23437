"""A tracking plan is read strictly, and an event is held against it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from regulars.domain.collection.event import Event, Violation
from regulars.domain.collection.rejection import EventRejectedError
from regulars.domain.errors import InvalidPlanError
from regulars.domain.tracking.judgement import MOST_VIOLATIONS, judged
from regulars.domain.tracking.parse import parse_plan

ORDER = {
    "type": "object",
    "required": ["order_id"],
    "properties": {"revenue": {"type": "number"}, "items": {"type": "array", "items": {"type": "string"}}},
}


def plan(**changes: Any) -> dict[str, Any]:
    return {"id": "shop", "name": "Shop", "track": {"Order Completed": {"schema": ORDER}}, **changes}


def event(name: str = "Order Completed", kind: str = "track", **said: Any) -> Event:
    properties, traits = ({}, said) if kind in ("identify", "group") else (said, {})
    return Event("m", kind, name, datetime(2026, 11, 21, tzinfo=UTC), "2026-11-21 00:00:00.000", "u", None, properties, traits, {}, None, "app")


def against(document: dict[str, Any], one: Event) -> tuple[Violation, ...]:
    return judged(one, [parse_plan(document)]).violations


def test_an_event_as_planned_stays_as_it_is() -> None:
    one = event(order_id="o1", revenue=3)
    assert judged(one, [parse_plan(plan())]) is one


def test_each_violation_says_where_and_never_what() -> None:
    found = against(plan(), event(revenue="ada@shop.example", items=["a", 7]))
    assert sorted(found, key=lambda each: each.path) == [
        Violation("properties", '"order_id" is a required property'),
        Violation("properties.items.1", 'the value is not of type "string"'),
        Violation("properties.revenue", 'the value is not of type "number"'),
    ]


def test_a_plan_that_wants_it_so_sends_violations_to_quarantine() -> None:
    strict = plan(track={"Order Completed": {"schema": ORDER, "violations": "quarantine"}})
    with pytest.raises(EventRejectedError, match=r"properties.revenue: the value is not of type \"number\" \(tracking plan shop\)") as refused:
        against(strict, event(order_id="o1", revenue="x"))
    assert refused.value.reason == "plan_violation"
    assert against(strict, event(order_id="o1", revenue=1)) == ()


@pytest.mark.parametrize("kind", ["identify", "group"])
def test_traits_are_held_against_the_schema_of_their_call(kind: str) -> None:
    document = plan(**{kind: {"schema": {"properties": {"age": {"type": "integer"}}}}})
    assert against(document, event(kind, kind, age="old")) == (Violation("traits.age", 'the value is not of type "integer"'),)


def test_what_the_plan_does_not_name_passes_unless_it_says_otherwise() -> None:
    assert against(plan(), event("Rare")) == ()
    assert against(plan(unplanned="report"), event("Rare")) == (Violation("event", "the tracking plan shop knows no event of this name"),)
    assert against(plan(unplanned="report"), event("page", "page")) == ()
    with pytest.raises(EventRejectedError):
        against(plan(unplanned="quarantine"), event("Rare"))


def test_a_track_call_that_is_named_like_another_call_is_no_such_call() -> None:
    document = plan(identify={"schema": {"required": ["email"]}})
    assert against(document, event("identify")) == ()


def test_a_plan_is_for_its_sources_only_and_several_add_up() -> None:
    plans = [parse_plan(plan()), parse_plan(plan(id="other", sources=["web"])), parse_plan(plan(id="third", sources=["app"]))]
    assert len(judged(event(), plans).violations) == 2


def test_of_many_violations_the_first_are_kept() -> None:
    assert len(against(plan(), event(order_id="o", items=list(range(1000))))) == MOST_VIOLATIONS


@pytest.mark.parametrize(
    ("document", "field", "said"),
    [
        (plan(track={"X": {"schema": {"type": "nmber"}}}), "track.X.schema.type", "is no JSON Schema"),
        (plan(track={"X": {"schema": {"properties": {"a": {"minimum": "x"}}}}}), "track.X.schema.properties.a.minimum", "is no JSON Schema"),
        (plan(track={"X": {"schema": {"$ref": "http://127.0.0.1:1/x"}}}), "track.X.schema", "is no JSON Schema"),
        (plan(track={"X": {"schema": {"pattern": "(?=x)y"}}}), "track.X.schema.pattern", "is no JSON Schema"),
        (plan(track={"X": {"schema": 7}}), "track.X.schema", "a JSON Schema, which is an object, is needed"),
        (plan(track={"X": {}}), "track.X.schema", "it is missing"),
        (plan(track={"X": {"schema": {}, "violation": "report"}}), "track.X.violation", "violations"),
        (plan(track={"X": {"schema": {}, "violations": "drop"}}), "track.X.violations", "report"),
        (plan(track={" ": {"schema": {}}}), "track", "1 to 255 characters"),
        (plan(track={}), "", "a plan says what events look like"),
        (plan(tracks={}), "tracks", "`track`"),
        (plan(sources=[]), "sources", "a list with nothing in it"),
        (plan(unplanned="drop"), "unplanned", "report"),
        (plan(id="my plan"), "id", "an id has"),
        (plan(track={f"e{n}": {"schema": {}} for n in range(501)}), "track", "at most 500"),
    ],
)
def test_a_plan_that_is_none_is_refused_with_the_place(document: dict[str, Any], field: str, said: str) -> None:
    with pytest.raises(InvalidPlanError) as refused:
        parse_plan(document)
    assert refused.value.field == field and said in str(refused.value)


def test_a_pattern_takes_linear_time() -> None:
    document = plan(track={"X": {"schema": {"properties": {"a": {"pattern": "^(a+)+$"}}}}})
    assert len(against(document, event("X", a="a" * 30_000 + "b"))) == 1


def test_names_are_those_that_events_have() -> None:
    document = plan(track={" Order Completed\u00a0": {"schema": {"required": ["order_id"]}}})
    assert against(document, event()) == (Violation("properties", '"order_id" is a required property'),)


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"track": {"A": {"schema": {}}, "A ": {"schema": {}}}}, "track.A ", "named twice"),
        ({"track": {" ": {"schema": {}}}}, "track", "1 to 255 characters"),
        ({"sources": ["site", "Shop-Web"]}, "sources[1]", "no source can be called so"),
    ],
)
def test_what_could_never_apply_is_refused(changes: dict[str, Any], field: str, says: str) -> None:
    with pytest.raises(InvalidPlanError, match=says) as refused:
        parse_plan(plan(**changes))
    assert refused.value.field == field
