"""What a definition names that nobody ever sent."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from regulars.domain.quality.catalog import Catalog, CatalogedEvent, CatalogedProperty
from regulars.domain.quality.unsent import unsent_in_rule
from regulars.domain.segments import parse_segment

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def event(name: str, *paths: str, kind: str = "track") -> CatalogedEvent:
    return CatalogedEvent(name, kind, 1, NOON, NOON, ("site",), {path: CatalogedProperty(path, {"string": 1}) for path in paths})


CATALOG = Catalog(NOON, (event("Order Completed", "total", "to", "to.city"), event("identify", "plan", kind="identify")))


def warnings(rule: Any, catalog: Catalog = CATALOG) -> dict[str, str]:
    segment = parse_segment({"id": "s", "name": "S", "rule": rule})
    return {warning.path: warning.message for warning in unsent_in_rule(segment.rule, catalog)}


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
