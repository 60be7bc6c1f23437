"""docs/costs.md shows what was counted last, at the prices that the code has."""

import pytest

from bench import cost_tables
from bench.cost_counts import saved
from regulars.domain.prices import AS_OF, PRICES


def test_the_document_is_what_was_counted_last_at_todays_prices_and_template() -> None:
    text = cost_tables.DOCUMENT.read_text()
    anew = "run `python -m bench.cost_tables`; where a schedule was added, `make bench ARGS='cost --write'`"
    assert cost_tables.in_document(text, cost_tables.written(saved())) == text, anew


def test_the_document_has_every_price_with_its_page_and_their_date() -> None:
    text = cost_tables.DOCUMENT.read_text()
    assert f"{AS_OF:%Y-%m-%d}" in text
    assert [name for name, price in PRICES.items() if f"| {name} |" not in text or price.source not in text] == []


def test_a_document_without_a_place_for_the_figures_is_refused() -> None:
    with pytest.raises(ValueError, match="has no <!-- counted"):
        cost_tables.in_document("# What it costs", "figures")
