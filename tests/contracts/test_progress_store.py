"""What every ProgressStore does, real or fake."""

import time
from dataclasses import replace
from datetime import UTC, datetime

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.adapters.documents.progress import progress_document, progress_of
from regulars.adapters.dynamo_claims import LIFE_SECONDS
from regulars.adapters.dynamo_progress import DynamoProgress
from regulars.domain.delivery.progress import Progress
from regulars.domain.delivery.tally import Tally
from regulars.domain.errors import ConflictError, StoreUnavailableError
from regulars.ports import ProgressStore
from tests.contracts.conftest import Tables
from tests.contracts.suite import suite
from tests.fakes.stores import MemoryProgress

WHOLE = Progress(
    "spring-1",
    3,
    holder="a call",
    until=datetime(2026, 11, 21, 22, 15, 30, 123456, tzinfo=UTC),
    at_risk=frozenset({7, 8, 9, 4711}),
    doubtful={7: 1, 4711: 3},
    known={0: ("sent", ""), 1: ("sent", ""), 2: ("failed", "unregistered"), 5: ("unknown", "no_answer")},
    setbacks=2,
    tally=Tally({("sent", ""): 2, ("failed", "unregistered"): 1}, pushes=3, per_second=12.5),
)


@pytest.fixture
def dynamo(table: Tables) -> ProgressStore:
    return DynamoProgress(table("ClaimsTable"))


progresses = suite(ProgressStore, adapter="dynamo", fake=MemoryProgress)


def test_of_a_shard_to_which_nobody_sent_nothing_is_known(progresses: ProgressStore) -> None:
    found = progresses.get("spring-1", 3)
    assert (found.value, found.version) == (Progress("spring-1", 3), 0)


@pytest.mark.parametrize("kept", [Progress("spring-1", 3), WHOLE])
def test_how_far_it_has_come_comes_back_as_it_was(progresses: ProgressStore, kept: Progress) -> None:
    progresses.put(kept, expected=0)
    found = progresses.get("spring-1", 3)
    assert (found.value, found.version) == (kept, 1)
    assert progresses.get("spring-1", 4).version == progresses.get("spring-2", 3).version == 0


def test_many_shards_are_read_at_once_and_those_to_which_nobody_sent_are_left_out(progresses: ProgressStore) -> None:
    for shard in (0, 2, 89):
        progresses.put(replace(WHOLE, shard=shard), expected=0)
    found = progresses.get_many("spring-1", range(90))
    assert {each.shard for each in found} == {0, 2, 89}
    assert replace(WHOLE, shard=89) in found
    assert not progresses.get_many("spring-1", [])


def test_of_two_puts_on_one_version_the_second_loses(progresses: ProgressStore) -> None:
    progresses.put(WHOLE, expected=0)
    for stale in (0, 2):
        with pytest.raises(ConflictError):
            progresses.put(replace(WHOLE, holder="a rival"), expected=stale)
    progresses.put(replace(WHOLE, holder=""), expected=1)
    assert (progresses.get("spring-1", 3).value.holder, progresses.get("spring-1", 3).version) == ("", 2)


def test_how_far_it_has_come_says_when_dynamodb_may_forget_it(table: Tables) -> None:
    DynamoProgress(table("ClaimsTable")).put(WHOLE, expected=0)
    (item,) = boto3.client("dynamodb").scan(TableName="ClaimsTable")["Items"]
    assert abs(int(item["expires_at"]["N"]) - time.time() - LIFE_SECONDS) < 60


def test_a_table_that_is_not_there_says_so(aws: None) -> None:
    with pytest.raises(StoreUnavailableError):
        DynamoProgress("nothing").get("spring-1", 3)
    with pytest.raises(StoreUnavailableError):
        DynamoProgress("nothing").put(WHOLE, expected=0)


@given(st.frozensets(st.integers(0, 9000)), st.dictionaries(st.integers(0, 9000), st.integers(1, 5)))
def test_any_places_come_back(at_risk: frozenset[int], doubtful: dict[int, int]) -> None:
    progress = replace(WHOLE, at_risk=at_risk, doubtful=doubtful)
    assert progress_of(progress_document(progress)) == progress


def test_what_a_block_at_full_speed_changes_is_a_kilobyte_or_two() -> None:
    """A thousand outcomes with a dead token here and there, and seven hundred pushes under way, some of which were answered before others."""
    known = {place: ("failed", "unregistered") if place % 50 == 7 else ("sent", "") for place in range(1000) if place % 100 != 3}
    at_risk = frozenset(place for place in range(1000, 1700) if place % 9)
    assert len(progress_document(Progress("spring-20261121T221500-abcdef", 42, "x" * 36, WHOLE.until, at_risk, {}, known))) < 2 * 1024
