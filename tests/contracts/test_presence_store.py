"""What every PresenceStore does, real or fake."""

from datetime import UTC, datetime

import pytest

from regulars.adapters.dynamo_presences import DynamoPresences
from regulars.domain.errors import ConflictError
from regulars.domain.places.presence import Presence, Stay
from regulars.ports import PresenceStore
from tests.contracts.conftest import Tables
from tests.contracts.suite import suite
from tests.fakes.content import MemoryPresences

NOW = datetime(2026, 11, 21, 10, 0, 0, 7, tzinfo=UTC)
ANN = Presence("ann", NOW, {"shops/soho": Stay(NOW, told=True), "shops/bank": Stay(NOW)}, {"shops/soho": NOW})


@pytest.fixture
def dynamo(table: Tables) -> PresenceStore:
    return DynamoPresences(table("PresencesTable"))


presences = suite(PresenceStore, adapter="dynamo", fake=MemoryPresences)


@pytest.mark.parametrize("kept", [ANN, Presence("ann")])
def test_where_somebody_is_comes_back_as_it_was(presences: PresenceStore, kept: Presence) -> None:
    presences.put(kept, expected=0)
    (found,) = presences.get_many(["ann", "ben", "ann"]).values()
    assert (found.value, found.version) == (kept, 1)


def test_of_two_puts_on_one_version_the_second_loses(presences: PresenceStore) -> None:
    presences.put(Presence("ann"), expected=0)
    for stale in (0, 2):
        with pytest.raises(ConflictError):
            presences.put(ANN, expected=stale)
    presences.put(ANN, expected=1)
    assert presences.get_many(["ann"])["ann"].version == 2
