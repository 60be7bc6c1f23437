"""A goal's currency that no event was in, from the catalog of what was sent."""

from datetime import UTC, datetime

import pytest

from regulars.domain.quality.catalog import Catalog, CatalogedEvent, CatalogedProperty
from regulars.domain.quality.observed_values import ObservedValues
from regulars.domain.quality.other_currencies import other_currencies
from tests.domain.quality.test_no_numbers import observed

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def said(currency: str, values: ObservedValues | None, name: str = "currency") -> str:
    event = CatalogedEvent("Paid", "track", 9, NOON, NOON, properties={name: CatalogedProperty(name, {"string": 9}, values)})
    return " ".join(each.message for each in other_currencies("Paid", "goal.currency", ("totals", "net"), currency, Catalog(NOON, (event,))))


@pytest.mark.parametrize("name", ["currency", "totals.currency"])
def test_one_that_no_event_was_in_is_told_with_those_that_they_were_in(name: str) -> None:
    assert said("USD", observed('"eur"', '"CHF"'), name) == (
        "`Paid` was in `CHF`, `EUR` until 2026-11-21T12:00:00.000Z, and never in `USD`: what is in another currency is left out of the value"
    )


def test_nothing_is_told_where_some_may_be_in_it() -> None:
    assert said("EUR", observed('"eur"', '"CHF"')) == said("USD", observed('"EUR"', '""')) == said("USD", None) == said("", observed('"EUR"')) == ""
    assert said("USD", ObservedValues({"t": '"EUR"'}, {"u": "a"})) == ""
