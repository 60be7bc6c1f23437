"""What every CurateStateStore does, real or fake."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from regulars.adapters.dynamo_curate_state import DynamoCurateState
from regulars.domain.curation.state import CurateState
from regulars.domain.errors import ConflictError, StoreUnavailableError
from regulars.ports import CurateStateStore
from tests.contracts.conftest import Tables
from tests.contracts.suite import suite
from tests.fakes.stores import MemoryCurateState

NOW = datetime(2026, 11, 21, 22, 15, 0, 123456, tzinfo=UTC)


@pytest.fixture
def dynamo(table: Tables) -> CurateStateStore:
    return DynamoCurateState(table("StateTable"), before=table("RunsTable"))


state = suite(CurateStateStore, adapter="dynamo", fake=MemoryCurateState)


def test_before_the_first_run_there_is_the_state_of_one_that_never_ran(state: CurateStateStore) -> None:
    found = state.get()
    assert (found.value, found.version) == (CurateState(), 0)


@pytest.mark.parametrize(
    "kept",
    [
        CurateState(),
        CurateState().leased(NOW),
        CurateState().leased(NOW).inserting((NOW.date(), NOW.date())),
        CurateState().leased(NOW).inserting((NOW.date(), NOW.date())).failed("TABLE_NOT_FOUND: events"),
        CurateState().leased(NOW).failed("the table of state failed", may_pass=True),
        CurateState().leased(NOW).inserting((NOW.date(), NOW.date())).finished(NOW + timedelta(minutes=1)),
        CurateState().leased(NOW).paused(),
    ],
)
def test_a_state_comes_back_as_it_was(state: CurateStateStore, kept: CurateState) -> None:
    state.put(kept, expected=0)
    found = state.get()
    assert (found.value, found.version) == (kept, 1)


def test_of_two_puts_on_one_version_the_second_loses(state: CurateStateStore) -> None:
    first = CurateState().leased(NOW)
    state.put(first, expected=0)
    for stale in (0, 2):
        with pytest.raises(ConflictError):
            state.put(replace(first, error="rival"), expected=stale)
    assert state.get().value == first
    state.put(first.paused(), expected=1)
    assert (state.get().value, state.get().version) == (first.paused(), 2)


def test_a_table_that_is_not_there_says_so(aws: None) -> None:
    with pytest.raises(StoreUnavailableError):
        DynamoCurateState("nothing", before="nowhere").get()
    with pytest.raises(StoreUnavailableError):
        DynamoCurateState("nothing", before="nowhere").put(CurateState(), expected=0)
