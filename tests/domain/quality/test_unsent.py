"""What a definition names that nobody ever sent."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from regulars.domain.quality.catalog import Catalog, CatalogedEvent, CatalogedProperty
from regulars.domain.quality.observed_values import ObservedValues, with_sightings
from regulars.domain.quality.unsent import unsent_in_rule
from regulars.domain.segments import Trait, parse_segment
from regulars.domain.segments.evaluate.json_texts import value_at
from regulars.domain.segments.evaluate.judging import judged

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def event(name: str, *paths: str, kind: str = "track") -> CatalogedEvent:
    return CatalogedEvent(name, kind, 1, NOON, NOON, ("site",), {path: CatalogedProperty(path, {"string": 1}) for path in paths})


CATALOG = Catalog(NOON, (event("Order Completed", "total", "to", "to.city"), event("identify", "plan", kind="identify")))


def warnings(rule: Any, catalog: Catalog = CATALOG) -> dict[str, str]:
    segment = parse_segment({"id": "s", "name": "S", "rule": rule})
    return {warning.path: warning.message for warning in unsent_in_rule(segment.rule, catalog)}


def test_a_purpose_that_nobody_said_yes_or_no_to_comes_with_the_nearest() -> None:
    asked = Catalog(NOON, (event("identify", "consent", "consent.marketing", "news_opt_in", kind="identify"),))
    assert "(did you mean `marketing`?)" in warnings({"not": {"consent": "marketting"}}, asked)["rule.not.consent"]
    assert "(did you mean `news`?)" in warnings({"consent": "new"}, asked)["rule.consent"]
    assert warnings({"all": [{"consent": "marketing"}, {"consent": "news"}]}, asked) == {}


def test_a_clause_by_their_own_clocks_is_looked_into_and_needs_a_time_zone() -> None:
    found = warnings({"event": "Order Complted", "from": "2026-11-01", "timezone": "user"})
    assert "(did you mean `Order Completed`?)" in found["rule.event"]
    assert "nobody sent a trait `timezone`" in found["rule.timezone"]


@pytest.mark.parametrize(
    ("rule", "path", "says"),
    [
        ({"all": [{"event": "Order Complted"}]}, "rule.all[0].event", "(did you mean `Order Completed`?)"),
        ({"not": {"trait": "plann", "eq": "pro"}}, "rule.not.trait", "(did you mean `plan`?)"),
        ({"event": "Order Completed", "where": [{"property": "totl", "gt": 5}]}, "rule.where[0].property", "(did you mean `total`?)"),
        ({"event": "Order Completed", "where": [{"property": "to.citi", "eq": "x"}]}, "rule.where[0].property", "(did you mean `to.city`?)"),
        ({"event": "Order Completed", "sum": "price", "gt": 5}, "rule.sum", "no `Order Completed` came with `price`"),
        ({"sequence": [{"event": "Order Completed"}, {"event": "Order Complete"}]}, "rule.sequence[1].event", "(did you mean `Order Completed`?)"),
        (
            {"sequence": [{"event": "Order Completed"}], "then_not": {"event": "Order Completed", "where": [{"property": "totl", "gt": 5}]}},
            "rule.then_not.where[0].property",
            "(did you mean `total`?)",
        ),
        ({"event": "Order Completed", "distinct": "sku", "gt": 5}, "rule.distinct", "no `Order Completed` came with `sku`"),
    ],
)
def test_what_nobody_sent_is_named_with_the_nearest_that_somebody_did(rule: Any, path: str, says: str) -> None:
    found = warnings(rule)
    assert list(found) == [path]
    assert says in found[path] and "until 2026-11-21T12:00:00.000Z" in found[path]


@pytest.mark.parametrize(
    "rule",
    [
        {"everyone": True},
        {"trait": "plan", "eq": "pro"},
        {"event": "Order Completed", "distinct": "day", "gte": 2},
        {"event": "Order Completed", "where": [{"property": "to.city.name", "eq": "x"}], "sum": "total", "gt": 5},
    ],
)
def test_what_somebody_sent_is_no_matter(rule: Any) -> None:
    assert warnings(rule) == {}


def test_of_an_event_that_nobody_sent_the_properties_are_not_named_too() -> None:
    assert list(warnings({"event": "Never", "where": [{"property": "x", "eq": "y"}]})) == ["rule.event"]


def test_a_catalog_that_is_not_complete_accuses_nobody() -> None:
    assert warnings({"event": "Never"}, Catalog(NOON, (), complete=False)) == {}


def test_an_event_of_which_some_properties_were_not_kept_accuses_none_of_them_and_others_as_ever() -> None:
    crowded = Catalog(NOON, tuple(replace(each, complete=False) for each in CATALOG.events))
    assert warnings({"event": "Order Completed", "sum": "price", "gt": 5}, crowded) == {}
    assert warnings({"trait": "plann", "eq": "pro"}, crowded) == {}
    assert list(warnings({"event": "Never"}, crowded)) == ["rule.event"]


def observed(*told: Any, people: int = 3) -> ObservedValues | None:
    return with_sightings(ObservedValues(), [f"{mark}{json.dumps(value)}" for value in told for mark in "0123456789"[:people]])


def with_values(values: ObservedValues | None, *, of: str = "plan") -> Catalog:
    """Of a trait and, by the same name, of a property."""
    known = {of: CatalogedProperty(of, {"string": 1}, values)}
    events = (("Order Completed", "track"), ("identify", "identify"))
    return Catalog(NOON, tuple(CatalogedEvent(name, kind, 1, NOON, NOON, ("site",), known) for name, kind in events))


PLANS = with_values(observed("pro", "free", "Team Plus"))


@pytest.mark.parametrize(
    ("clause", "place", "says"),
    [
        ({"eq": "por"}, "eq", "was `por` until 2026-11-21T12:00:00.000Z (did you mean `pro`?)"),
        ({"eq": "Pro"}, "eq", "was `Pro` until 2026-11-21T12:00:00.000Z (did you mean `pro`?)"),
        ({"ne": "freee"}, "ne", "(did you mean `free`?)"),
        ({"in": ["pro", "free", "team plus"]}, "in[2]", "was `team plus` until 2026-11-21T12:00:00.000Z (did you mean `Team Plus`?)"),
        ({"nin": ["gold", "pro"]}, "nin[0]", "was `gold` until 2026-11-21T12:00:00.000Z"),
        ({"eq": True}, "eq", "was `true`"),
        ({"eq": 7}, "eq", "was `7` until"),
        ({"in": [1.5]}, "in[0]", "was `1.5` until"),
        ({"starts_with": "team"}, "starts_with", "began with `team` until 2026-11-21T12:00:00.000Z (did you mean `Team Plus`?)"),
        ({"ends_with": "us "}, "ends_with", "ended with `us ` until"),
        ({"contains": "plus"}, "contains", "contained `plus`"),
        ({"not_contains": "plus"}, "not_contains", "contained `plus`"),
    ],
)
def test_a_value_that_nobody_ever_told_is_named_with_the_nearest_that_somebody_did(clause: Any, place: str, says: str) -> None:
    of_trait = warnings({"all": [{"everyone": True}, {"trait": "plan", **clause}]}, PLANS)
    assert list(of_trait) == [f"rule.all[1].{place}"]
    assert says in of_trait[f"rule.all[1].{place}"] and of_trait[f"rule.all[1].{place}"].startswith("nobody's `plan` ")
    of_property = warnings({"event": "Order Completed", "where": [{"property": "plan", **clause}]}, PLANS)
    assert list(of_property) == [f"rule.where[0].{place}"]
    assert says in of_property[f"rule.where[0].{place}"] and of_property[f"rule.where[0].{place}"].startswith("no `plan` of `Order Completed` ")


@pytest.mark.parametrize(
    "clause",
    [
        {"eq": "pro"},
        {"in": ["free", "pro"]},
        {"ends_with": "us"},
        {"contains": "am P"},
        {"exists": True},
        {"matches": "^gold$"},
        {"gt": 5},
        {"before": "2026-01-01"},
    ],
)
def test_what_some_value_meets_or_no_value_can_tell_is_no_matter(clause: Any) -> None:
    assert warnings({"trait": "plan", **clause}, PLANS) == {}


@pytest.mark.parametrize("value", [7, 7.0, "7", " 7.0 ", "7e0", True, "true", -0.0, 1e300])
def test_nothing_is_said_of_what_would_find_somebody(value: Any) -> None:
    catalog = with_values(observed(value), of="level")
    document = json.dumps({"level": value})
    for operand in (7, 7.5, "7", " 7.0 ", "7.0", "true", "false", True, False, 0, "0", "1e300"):
        test = parse_segment({"id": "s", "name": "S", "rule": {"trait": "level", "eq": operand}}).rule
        assert isinstance(test, Trait)
        if judged(value_at(document, ("level",)), test.test, NOON):
            assert warnings({"trait": "level", "eq": operand}, catalog) == {}, (value, operand)


def test_a_value_that_few_people_told_is_not_accused_and_suggested_to_nobody() -> None:
    rare = with_values(observed("pro", people=1))
    assert warnings({"trait": "plan", "eq": "pro"}, rare) == {}
    assert warnings({"trait": "plan", "eq": "por"}, rare) == {"rule.eq": "nobody's `plan` was `por` until 2026-11-21T12:00:00.000Z"}
    assert warnings({"trait": "plan", "contains": "x"}, rare) == {}, "nobody knows"


def test_of_numbers_nobody_knows_how_they_were_spelled() -> None:
    assert warnings({"trait": "plan", "ends_with": ".0"}, with_values(observed("pro", 7, 7.0))) == {}


@pytest.mark.parametrize("catalog", [with_values(None), replace(PLANS, complete=False)])
def test_where_not_all_values_are_known_none_is_accused(catalog: Catalog) -> None:
    assert warnings({"trait": "plan", "eq": "por"}, catalog) == {}


def test_elements_of_lists_and_what_lies_deeper_than_the_catalog_looks_are_not_known() -> None:
    assert warnings({"trait": "plan[]", "eq": "por"}, PLANS) == {}
    assert warnings({"trait": "to.city.name", "eq": "por"}, Catalog(NOON, (event("identify", "to", "to.city", kind="identify"),))) == {}


def test_a_value_of_a_step_and_one_by_their_own_clocks_have_their_places() -> None:
    where = [{"property": "plan", "eq": "por"}]
    order = {"event": "Order Completed", "where": where}
    sequence = {"sequence": [{"event": "Order Completed"}, {"event": "identify", "where": where}], "then_not": order}
    assert list(warnings(sequence, PLANS)) == ["rule.sequence[1].where[0].eq", "rule.then_not.where[0].eq"]
    assert "rule.where[0].eq" in warnings({**order, "from": "2026-11-01", "timezone": "user"}, PLANS)
