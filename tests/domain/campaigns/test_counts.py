"""Counts add up, whatever rows Athena gives and in whatever order."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.domain.campaigns.counts import Counts, counted, outcome_of
from regulars.domain.errors import RegularsError
from regulars.domain.queries import ResultRow
from regulars.domain.reasons import NOT_SENT_REASONS

FATES = st.one_of(
    st.just((None, None)),
    st.sampled_from([("sent", ""), ("sent", None)]),
    st.tuples(st.sampled_from(["unknown", "failed", "skipped"]), st.sampled_from(sorted(NOT_SENT_REASONS))),
)


@st.composite
def row(draw: st.DrawFn) -> ResultRow:
    outcome, reason = draw(FATES)
    people = draw(st.integers(0, 10**6))
    pushes = None if outcome is None else str(draw(st.integers(0, 2 * people)) if outcome == "sent" else 0)
    return {
        "arm": draw(st.sampled_from(["control", "a", "b", "global control"])),
        "outcome": outcome,
        "reason": reason,
        "people": str(people),
        "pushes": pushes,
    }


@given(st.lists(row(), max_size=12))
def test_people_are_in_control_or_treated_and_the_treated_have_one_outcome_each(rows: list[ResultRow]) -> None:
    counts = counted(rows)
    assert counts.audience == counts.control + counts.treated == sum(int(str(one["people"])) for one in rows) - counts.held_out
    assert counts.treated == counts.sent + counts.unknown + sum(counts.failed.values()) + sum(counts.skipped.values())


@given(st.lists(row(), max_size=4))
def test_the_order_of_the_rows_is_of_no_matter(rows: list[ResultRow]) -> None:
    assert all(counted(order) == counted(rows) for order in permutations(rows))


def test_the_control_group_has_no_pushes_whatever_it_says() -> None:
    held_back: ResultRow = {"arm": "control", "outcome": None, "reason": None, "people": "5", "pushes": None}
    assert counted([held_back]) == Counts(audience=5, control=5)


def test_nobody_is_no_counts() -> None:
    assert counted([]) == Counts()
    assert Counts().not_reached == 0


def test_who_has_no_outcome_was_not_reached() -> None:
    left: ResultRow = {"arm": "a", "outcome": None, "reason": None, "people": "3", "pushes": None}
    assert outcome_of(left) == ("skipped", "not_reached")
    assert counted([left]).not_reached == 3


def test_a_row_without_a_number_is_no_zero() -> None:
    with pytest.raises(RegularsError, match="without a number"):
        counted([{"arm": "a", "outcome": "sent", "reason": "", "people": None, "pushes": None}])
