"""A value that is to be added up and is no number, from the catalog of what was sent."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from regulars.domain.quality.catalog import Catalog, CatalogedEvent, CatalogedProperty
from regulars.domain.quality.no_numbers import no_numbers
from regulars.domain.quality.observed_values import ObservedValues, with_sightings

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def observed(*written: str) -> ObservedValues:
    """Each told by three people."""
    found = with_sightings(ObservedValues(), [f"{mark}{value}" for value in written for mark in "abc"])
    assert found is not None
    return found


def said(
    types: dict[str, int], values: ObservedValues | None = None, others: Sequence[str] = ("tax", "revenue_net"), *, complete: bool = True
) -> str:
    numbers = {name: CatalogedProperty(name, {"number": 9}) for name in others}
    properties = {**numbers, "note": CatalogedProperty("note", {"string": 9}), "revenue": CatalogedProperty("revenue", types, values)}
    event = CatalogedEvent("Paid", "track", 9, NOON, NOON, properties=properties, complete=complete)
    return " ".join(each.message for each in no_numbers("Paid", "goal.value", ("revenue",), Catalog(NOON, (event,))))


def test_a_number_is_nothing_to_be_told_of_nor_are_texts_that_spell_one() -> None:
    assert said({"number": 9}) == said({"string": 9}, observed('"12.50"', '" 7 "')) == said({"number": 9, "boolean": 1}) == ""
    assert said({"number": 8, "string": 1}, observed("12", '"12.50"')) == ""


def test_a_text_that_spells_none_is_shown_with_what_counts() -> None:
    assert said({"string": 9}, observed('"1,234.50"', '"7"')).startswith(
        "`revenue` of `Paid` was `1,234.50`, and only what spells a plain number counts (`1234.5`, never `1,234.50`), the rest is left out; until "
    )
    for spelled in ('"NaN"', '"Infinity"', '"1e200"', '"12 EUR"'):
        assert spelled.strip('"') in said({"string": 9}, observed(spelled))


def test_of_texts_that_are_too_many_or_told_by_too_few_to_be_kept_it_says_how_many_they_are() -> None:
    assert said({"number": 2, "string": 7}).startswith("`revenue` of `Paid` came as a text 7 times of 9: only what spells a plain number counts")
    rare = with_sightings(ObservedValues(), ['a"12,50"'])
    assert "7 times of 7" in said({"string": 7}, rare)


@pytest.mark.parametrize(("kind", "told"), [("boolean", "true or false"), ("array", "a list"), ("object", "an object")])
def test_what_never_was_a_number_is_told_by_what_it_was_and_with_the_nearest_that_is(kind: str, told: str) -> None:
    found = said({kind: 9})
    assert found == f"`revenue` of `Paid` never was a number, but {told}, until 2026-11-21T12:00:00.000Z (did you mean `revenue_net`?)"
    assert said({kind: 9}, others=["tax", "points"]).endswith("(numbers are in `tax`, `points`)")


def test_nothing_is_said_of_what_the_catalog_does_not_know_whole_or_does_not_have() -> None:
    assert said({"boolean": 9}, complete=False) == ""
    event = CatalogedEvent("Paid", "track", 9, NOON, NOON)
    assert list(no_numbers("Paid", "goal.value", ("revenue",), Catalog(NOON, (event,)))) == []
    assert list(no_numbers("Sold", "goal.value", (), Catalog(NOON, (event,)))) == []
