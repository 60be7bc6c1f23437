"""The benchmark of segments in a small shop: that it measures what it says. How fast anything is, no test asserts."""

from datetime import timedelta

import pytest

from bench import segments, shop


def test_every_row_comes_out_of_a_small_shop_in_which_all_statements_find_the_same_people(monkeypatch: pytest.MonkeyPatch) -> None:
    for turns in ("TURNS", "LONG_TURNS", "COMPILED"):
        monkeypatch.setattr(segments, turns, 1)
    monkeypatch.setattr(segments, "BACKTESTS", {"a sequence": segments.BACKTESTS["a sequence"]})
    rows = segments.rows(shop.Size(events=20_000, people=400))
    assert len({(row.name, row.note) for row in rows}) == len(rows) == 15
    assert all(row.ours > 0 and row.peer > 0 and row.ratio == pytest.approx(row.ours / row.peer) for row in rows)


def test_a_shop_is_the_same_whenever_it_is_drawn_and_its_two_forms_hold_the_same_events() -> None:
    size = shop.Size(events=2_000, people=50)
    first, second = (shop.drawn(size) for _ in range(2))
    span = shop.START, shop.START + timedelta(days=shop.DAYS)
    lines = b"".join(shop.lines(first, *span)).splitlines()
    assert lines == b"".join(shop.lines(second, *span)).splitlines()
    assert len(lines) == size.events == sum(rows.num_rows for name in shop.NAMES for rows in shop.batches(second, *span, name))
