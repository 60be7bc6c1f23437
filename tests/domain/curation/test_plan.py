"""How a backlog is cut into statements."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.curation.plan import Backlog, Chunk, chunks, month_after

MONTHS = [datetime(2017 + n // 12, n % 12 + 1, 1, tzinfo=UTC) for n in range(24)]

DAYS = st.dates(date(2017, 1, 1), date(2018, 12, 31))

backlogs = st.dictionaries(st.tuples(DAYS, st.text("abc'_ ", min_size=1, max_size=3)), st.integers(min_value=1, max_value=400), max_size=60).map(
    lambda found: [Backlog(day, name, rows) for (day, name), rows in found.items()]
)


def takes(chunk: Chunk, part: Backlog) -> bool:
    in_time = chunk.start <= part.month < chunk.end
    return in_time and (chunk.first_name is None or chunk.last_name is None or chunk.first_name <= part.event_name <= chunk.last_name)


def test_a_year_of_one_event_is_one_statement_when_it_fits() -> None:
    year = [Backlog(month.date(), "Order Completed", 10) for month in MONTHS[:12]]
    assert chunks(year, rows=1000) == [Chunk(MONTHS[0], MONTHS[12], days=tuple(month.date() for month in MONTHS[:12]))]


def test_a_year_that_does_not_fit_is_cut_between_months() -> None:
    year = [Backlog(month.date(), "Order Completed", 10) for month in MONTHS[:12]]
    assert [(chunk.start, chunk.end) for chunk in chunks(year, rows=30)] == [(MONTHS[n], MONTHS[n + 3]) for n in (0, 3, 6, 9)]


def test_a_month_of_many_names_is_cut_between_names() -> None:
    names = [f"event {n:03d}" for n in range(250)]
    cut = chunks([Backlog(date(2017, 1, 1 + number % 31), name, 1) for number, name in enumerate(names)], rows=10_000)
    assert [(c.first_name, c.last_name) for c in cut] == [(names[0], names[89]), (names[90], names[179]), (names[180], names[249])]


@given(backlogs, st.integers(1, 500), st.integers(1, 7))
def test_every_row_is_in_exactly_one_chunk_and_no_chunk_opens_too_many_partitions(backlog: list[Backlog], rows: int, partitions: int) -> None:
    cut = chunks(backlog, rows=rows, partitions=partitions)
    for part in backlog:
        assert sum(takes(chunk, part) for chunk in cut) == 1
    for chunk in cut:
        inside = [part for part in backlog if takes(chunk, part)]
        opened = {part.partition for part in inside}
        assert 1 <= len(opened) <= partitions
        assert len(opened) == 1 or sum(part.rows for part in inside) <= rows
        assert set(chunk.days) == {part.day for part in inside}


def test_the_month_after_december_is_january() -> None:
    assert month_after(datetime(2017, 12, 1, tzinfo=UTC)) == datetime(2018, 1, 1, tzinfo=UTC)
