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
from regulars.domain.quality.catalog_sql import TOO_MANY, catalog_sql
from regulars.domain.quality.observed_values import MAX_LENGTH, MAX_VALUES
from tests.domain.campaigns.lake import Lake

NOON = datetime(2026, 11, 21, 12)
RUN = timedelta(minutes=15)


def row(
    name: str, told: Any, *, kind: str = "track", run: int = 1, minute: int = 0, source: str | None = "site", user: str | None = "ada"
) -> dict[str, Any]:
    column = "traits" if kind == "identify" else "properties"
    moment = NOON + timedelta(minutes=minute)
    seen = {
        "user_id": user,
        "type": kind,
        "event_name": name,
        "event_ts": moment,
        "received_ts": moment,
        "curated_ts": NOON + run * RUN,
        "source": source,
    }
    return {**seen, "user_id": user, "properties": None, "traits": None, "other_name": None, column: None if told is None else json.dumps(told)}


def read(*rows: dict[str, Any], runs: int = 1) -> Catalog:
    """What so many runs make of the rows, each adding what it inserted."""
    lake, catalog = Lake(), Catalog(BEGINNING)
    lake.fill("events", rows)
    for run in range(1, runs + 1):
        catalog = extended(catalog, lake.answers(catalog_sql(Inserted(catalog.through))), through=(NOON + run * RUN).replace(tzinfo=UTC))
    return catalog


def by_runs(rows: list[dict[str, Any]]) -> Catalog:
    """What is made of them by runs of which each sees no more than its own rows."""
    catalog = Catalog(BEGINNING)
    for moment in sorted({row["curated_ts"] for row in rows}):
        lake = Lake()
        lake.fill("events", [each for each in rows if each["curated_ts"] <= moment])
        catalog = extended(catalog, lake.answers(catalog_sql(Inserted(catalog.through))), through=moment.replace(tzinfo=UTC))
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
    assert by_runs(rows).events == at_once.events


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


PEOPLE = ("ada", "bea", "cyd", "dan")


def plans(*told: Any, run: int = 1) -> list[dict[str, Any]]:
    """Each told by several people."""
    return [row("identify", {"plan": each}, kind="identify", run=run, user=user) for each in told for user in PEOPLE]


def values(catalog: Catalog, name: str = "identify", path: str = "plan") -> Any:
    known = catalog.properties(name)[path].values
    return None if known is None else (list(known.scalars), len(known.rare))


def test_the_few_values_of_a_property_are_known_in_their_json_types() -> None:
    assert values(read(*plans("pro", "free", True, 7, 2.5, None))) == (["free", "pro", True, 2.5, 7], 0)
    nested = [row("Order", {"to": {"country": "FR"}, "items": ["a"]}, user=user) for user in PEOPLE]
    assert values(read(*nested), "Order", "to.country") == (["FR"], 0)
    assert values(read(*nested), "Order", "to") == values(read(*nested), "Order", "items") == ([], 0), "nothing in words"


def test_what_fewer_than_three_people_told_is_in_the_catalog_in_no_words() -> None:
    mine = [row("identify", {"email": "ada@example.com"}, kind="identify", minute=n) for n in range(9)]
    visitors = [row("identify", {"email": "ada@example.com"}, kind="identify", minute=n, user=None) for n in range(9)]
    catalog = read(*mine, *visitors)
    assert b"ada" not in catalog_document.written(catalog)
    known = catalog.traits["email"].values
    assert known is not None and known.may_have("ada@example.com") and not known.may_have("bea@example.com")


def test_people_are_counted_over_runs_each_once() -> None:
    rows = [row("identify", {"plan": "pro"}, kind="identify", run=run, user=user) for run, user in enumerate(("ada", "ada", "bea", "cyd"), start=1)]
    assert values(by_runs(rows[:3])) == ([], 1)
    assert values(by_runs(rows)) == (["pro"], 0)


@pytest.mark.parametrize("told", [[f"v{n}" for n in range(MAX_VALUES + 1)], ["x" * MAX_LENGTH], ["pro", *(n / 7 for n in range(TOO_MANY))]])
def test_of_many_or_long_values_none_is_kept_ever_after(told: list[Any]) -> None:
    rows = [row("identify", {"plan": each}, kind="identify", user=f"u{n}") for n, each in enumerate(told)]
    assert values(read(*rows)) is None
    assert values(by_runs([*rows, *plans("pro", run=2)])) is None


def test_there_is_room_for_so_many_values_in_all(monkeypatch: Any) -> None:
    monkeypatch.setattr(quality, "MAX_VALUES", 3)
    catalog = read(row("A", {"x": 1, "y": 1}), row("A", {"x": 2}), row("B", {"x": 1, "y": 2}), row("B", {"x": 2}))
    assert (values(catalog, "A", "x"), values(catalog, "B", "x"), values(catalog, "A", "y")) == (([], 2), None, ([], 1))


def test_events_of_one_name_have_the_values_of_both() -> None:
    home = [row("Home", {"tab": tab}, kind=kind, user=user) for tab, kind in (("new", "page"), ("old", "track")) for user in PEOPLE]
    assert values(read(*home), "Home", "tab") == (["new", "old"], 0)


def test_it_is_read_as_it_was_written() -> None:
    catalog = read(row("Order", {"total": 1.5}), row("Ping", None, source=None), *plans("pro", 'a "b"', True), *plans(*range(MAX_VALUES + 1)))
    assert catalog_document.read(catalog_document.written(catalog)) == catalog


def test_of_a_catalog_without_values_they_are_unknown_until_it_is_made_anew() -> None:
    document = json.loads(catalog_document.written(read(*plans("pro"))))
    for event in document["catalog"]["events"]:
        for known in event["properties"].values():
            del known["values"]
    before = catalog_document.read(json.dumps({**document, "version": 2}).encode())
    lake = Lake()
    lake.fill("events", [*plans("free", run=2), row("identify", {"new": True}, kind="identify", run=2)])
    after = extended(before, lake.answers(catalog_sql(Inserted(before.through))), through=before.through)
    assert (before.traits["plan"].count, values(before), values(after), values(after, path="new")) == (4, None, None, ([], 1))


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"through": "2026-11-21T12:00:00+00:00", "events": [], "complete": true}'])
def test_what_is_no_catalog_is_unreadable(body: bytes) -> None:
    with pytest.raises(UnreadableCatalogError):
        catalog_document.read(body)


@pytest.mark.parametrize(
    ("whole", "catalog"),
    [({"version": 99}, {}), ({"catalog": None}, {}), ({}, {"through": "2026-11-21T12:00:00"}), ({}, {"events": [{"name": "Order"}]})],
)
def test_what_was_not_written_by_this_version_is_unreadable(whole: dict[str, Any], catalog: dict[str, Any]) -> None:
    good = json.loads(catalog_document.written(read(row("Order", {"total": 1}))))
    body = json.dumps({**good, "catalog": {**good["catalog"], **catalog}, **whole}).encode()
    with pytest.raises(UnreadableCatalogError):
        catalog_document.read(body)
