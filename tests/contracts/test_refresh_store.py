"""What every RefreshStore does, real or fake."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from regulars.adapters.dynamo_refreshes import DynamoRefreshes
from regulars.domain.errors import ConflictError, StoreUnavailableError
from regulars.domain.refreshes import Base, Listed, Refresh
from regulars.ports import RefreshStore
from tests.contracts.conftest import Tables
from tests.contracts.suite import suite
from tests.fakes.stores import MemoryRefreshes

NOW = datetime(2026, 11, 21, 22, 15, tzinfo=UTC)
VERSIONS = {"lapsing": 2, "buyers": 1}
WHOLE = Refresh(
    "lapsing",
    listed=Listed("e1", VERSIONS, NOW, 42),
    asked="e2",
    asked_as_of=NOW + timedelta(hours=1),
    entered=3,
    exited=1,
    bytes_scanned=2**40,
    refreshed_at=NOW,
    base=Base("lapsing-e1", NOW, NOW + timedelta(seconds=5, microseconds=7), "q1", VERSIONS),
    error="because",
    failed_at=NOW,
)


@pytest.fixture
def dynamo(table: Tables) -> RefreshStore:
    return DynamoRefreshes(table("StateTable"))


refreshes = suite(RefreshStore, adapter="dynamo", fake=MemoryRefreshes)


def test_of_a_segment_that_nobody_looked_at_nothing_is_known(refreshes: RefreshStore) -> None:
    found = refreshes.get("lapsing")
    assert (found.value, found.version) == (Refresh("lapsing"), 0)


@pytest.mark.parametrize("kept", [Refresh("lapsing"), WHOLE])
def test_how_it_stands_comes_back_as_it_was(refreshes: RefreshStore, kept: Refresh) -> None:
    refreshes.put(kept, expected=0)
    found = refreshes.get("lapsing")
    assert (found.value, found.version) == (kept, 1)
    assert refreshes.get("other").version == 0


def test_of_two_puts_on_one_version_the_second_loses(refreshes: RefreshStore) -> None:
    refreshes.put(WHOLE, expected=0)
    for stale in (0, 2):
        with pytest.raises(ConflictError):
            refreshes.put(replace(WHOLE, error="rival"), expected=stale)
    refreshes.put(replace(WHOLE, error=""), expected=1)
    assert (refreshes.get("lapsing").value.error, refreshes.get("lapsing").version) == ("", 2)


def test_a_table_that_is_not_there_says_so(aws: None) -> None:
    with pytest.raises(StoreUnavailableError):
        DynamoRefreshes("nothing").get("lapsing")
