"""What every RunStore does, real or fake."""

from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from regulars.adapters import aws
from regulars.adapters.dynamo_runs import DynamoRuns
from regulars.domain.errors import ConflictError, NotFoundError
from regulars.ports import RunStore
from tests.fakes.campaigns import MemoryRuns


@pytest.fixture(params=["dynamo", "memory"])
def runs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunStore]:
    if request.param == "memory":
        yield MemoryRuns()
        return
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setattr(aws, "_clients", {})
    with mock_aws():
        boto3.client("dynamodb").create_table(
            TableName="runs",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("run_id", "part")],
            KeySchema=[{"AttributeName": "run_id", "KeyType": "HASH"}, {"AttributeName": "part", "KeyType": "RANGE"}],
        )
        yield DynamoRuns("runs")


def test_a_created_run_can_be_read(runs: RunStore) -> None:
    runs.create("r1", {"state": "planned", "counts": {"failed": {"unregistered": 2}}})
    found = runs.get("r1")
    assert found.document == {"state": "planned", "counts": {"failed": {"unregistered": 2}}}
    assert found.version == 1


def test_a_run_is_created_once(runs: RunStore) -> None:
    runs.create("r1", {"state": "planned"})
    with pytest.raises(ConflictError):
        runs.create("r1", {"state": "other"})
    assert runs.get("r1").document == {"state": "planned"}


def test_an_unknown_run_is_not_found(runs: RunStore) -> None:
    with pytest.raises(NotFoundError):
        runs.get("nobody")


def test_a_put_on_the_version_that_was_read_wins_and_the_next_one_on_it_loses(runs: RunStore) -> None:
    runs.create("r1", {"state": "planned"})
    runs.put("r1", {"state": "running"}, expected=1)
    with pytest.raises(ConflictError):
        runs.put("r1", {"state": "failed"}, expected=1)
    assert (runs.get("r1").document, runs.get("r1").version) == ({"state": "running"}, 2)


def test_a_name_is_claimed_once_whoever_asks(runs: RunStore) -> None:
    assert runs.claim("r1/0/3/0/0", "first")
    assert not runs.claim("r1/0/3/0/0", "second")
    assert not runs.claim("r1/0/3/0/0", "first")


def test_claims_differ_by_their_whole_name(runs: RunStore) -> None:
    assert all(runs.claim(name, "me") for name in ("r1/0/3", "r1/0/4", "r1/1/3", "r2/0/3"))


def test_a_claim_does_not_stand_in_the_way_of_the_run(runs: RunStore) -> None:
    runs.claim("r1/run", "me")
    runs.create("r1", {})
    assert runs.get("r1").version == 1
