"""The catalog, read by its own SQL from a little lake."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from regulars.domain.curation.inserted import Inserted
from regulars.domain.curation.state import BEGINNING
from regulars.domain.errors import UnreadableCatalogError
from regulars.domain.quality import catalog as quality
from regulars.domain.quality import catalog_document
from regulars.domain.quality.catalog import Catalog, extended
from regulars.domain.quality.catalog_sql import catalog_sql
from tests.domain.campaigns.lake import Lake

NOON = datetime(2026, 11, 21, 12)
RUN = timedelta(minutes=15)


def row(name: str, told: Any, *, kind: str = "track", run: int = 1, minute: int = 0, source: str | None = "site") -> dict[str, Any]:
    column = "traits" if kind == "identify" else "properties"
    moment = NOON + timedelta(minutes=minute)
    seen = {"type": kind, "event_name": name, "event_ts": moment, "received_ts": moment, "curated_ts": NOON + run * RUN, "source": source}
    return {**seen, "properties": None, "traits": None, "other_name": None, column: None if told is None else json.dumps(told)}


def read(*rows: dict[str, Any], runs: int = 1) -> Catalog:
    """What so many runs make of the rows, each adding what it inserted."""
    lake, catalog = Lake(), Catalog(BEGINNING)
    lake.fill("events", rows)
    for run in range(1, runs + 1):
        catalog = extended(catalog, lake.answers(catalog_sql(Inserted(catalog.through))), through=(NOON + run * RUN).replace(tzinfo=UTC))
    return catalog


def types(catalog: Catalog, name: str) -> dict[str, Any]:
    return {path: dict(known.types) for path, known in catalog.properties(name).items()}


def test_an_event_has_its_properties_with_their_types_one_level_into_objects() -> None:
    told = {"total": 1.5, "code": "x", "gift": True, "none": None, "items": [1], "to": {"city": "Rome", "geo": {"lat": 1}}}
    catalog = read(row("Order", told), row("Order", {"total": "1.5", "gift": False}, minute=5, source="app"), row("Ping", None, source=None))
    order, ping = catalog.events
    assert (order.name, order.type, order.count, order.sources) == ("Order", "track", 2, ("app", "site"))
    assert (ping.count, ping.sources, ping.properties) == (1, (), {})
    assert order.last_seen - order.first_seen == timedelta(minutes=5)
    expected = {"total": {"number": 1, "string": 1}, "code": {"string": 1}, "gift": {"boolean": 2}, "none": {"null": 1}, "items": {"array": 1}}
    assert types(catalog, "Order") == {**expected, "to": {"object": 1}, "to.city": {"string": 1}, "to.geo": {"object": 1}}


def test_traits_are_those_of_identify() -> None:
    catalog = read(row("identify", {"plan": "pro"}, kind="identify"), row("Order", {"total": 1}))
    assert list(catalog.traits) == ["plan"]


def test_an_event_of_a_name_without_a_partition_has_its_own_name() -> None:
    assert read({**row("_other", {}), "other_name": "Rare"}).names == ("Rare",)


def test_what_is_added_run_by_run_is_what_is_read_at_once() -> None:
    rows = [row("Order", {"total": n if n % 2 else None}, run=1 + n % 3, minute=n) for n in range(6)]
    lake = Lake()
    lake.fill("events", rows)
    at_once = extended(Catalog(BEGINNING), lake.answers(catalog_sql(Inserted(BEGINNING))), through=BEGINNING)
    by_run = Catalog(BEGINNING)
    for run in (1, 2, 3):
        one = Lake()
        one.fill("events", [each for each in rows if each["curated_ts"] <= NOON + run * RUN])
        by_run = extended(by_run, one.answers(catalog_sql(Inserted(by_run.through))), through=(NOON + run * RUN).replace(tzinfo=UTC))
    assert by_run.events == at_once.events


def test_what_it_has_no_room_for_is_left_out_and_said(monkeypatch: Any) -> None:
    monkeypatch.setattr(quality, "MAX_EVENTS", 1)
    crowded = read(row("A", {"x": 1}), row("B", {}))
    assert len(crowded.names) == 1 and not crowded.complete


def test_the_properties_that_an_event_has_no_room_for_are_said_of_it_alone(monkeypatch: Any) -> None:
    monkeypatch.setattr(quality, "MAX_PROPERTIES", 1)
    catalog = read(row("A", {"x": 1, "y": 1}), row("A", {"x": 1}, run=2), row("B", {"x": 1}, run=2), runs=2)
    assert [(event.name, len(event.properties), event.complete) for event in catalog.events] == [("A", 1, False), ("B", 1, True)]
    assert (catalog.complete, catalog.knows_properties("A"), catalog.knows_properties("B")) == (True, False, True)
    assert not read(row("identify", {"x": 1, "y": 1}, kind="identify")).knows_traits


def test_it_is_read_as_it_was_written() -> None:
    catalog = read(row("Order", {"total": 1.5}), row("Ping", None, source=None))
    assert catalog_document.read(catalog_document.written(catalog)) == catalog


GOOD = json.loads(catalog_document.written(read(row("Order", {"total": 1}))))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"through": "2026-11-21T12:00:00+00:00", "events": [], "complete": true}',
        json.dumps({**GOOD, "version": 99}).encode(),
        json.dumps({**GOOD, "catalog": None}).encode(),
        json.dumps({**GOOD, "catalog": {**GOOD["catalog"], "through": "2026-11-21T12:00:00"}}).encode(),
        json.dumps({**GOOD, "catalog": {**GOOD["catalog"], "events": [{"name": "Order"}]}}).encode(),
    ],
)
def test_what_was_not_written_by_this_version_is_unreadable(body: bytes) -> None:
    with pytest.raises(UnreadableCatalogError):
        catalog_document.read(body)
