"""What every StateStore does, real or fake."""

from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws
from tests.fakes.campaigns import MemoryState

from regulars.adapters import aws
from regulars.adapters.dynamo_runs import DynamoState
from regulars.domain.errors import ConflictError
from regulars.ports import StateStore


@pytest.fixture(params=["dynamo", "memory"])
def state(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[StateStore]:
    if request.param == "memory":
        yield MemoryState()
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
        yield DynamoState("runs")


def test_nothing_is_an_empty_document_of_version_0(state: StateStore) -> None:
    found = state.get("curate")
    assert (found.document, found.version) == ({}, 0)


def test_the_first_put_expects_version_0(state: StateStore) -> None:
    state.put("curate", {"watermark": "2026-11-21"}, expected=0)
    found = state.get("curate")
    assert (found.document, found.version) == ({"watermark": "2026-11-21"}, 1)


def test_of_two_puts_on_one_version_the_second_loses(state: StateStore) -> None:
    state.put("curate", {"n": 1}, expected=0)
    for stale in (0, 2):
        with pytest.raises(ConflictError):
            state.put("curate", {"n": 2}, expected=stale)
    state.put("curate", {"n": 3}, expected=1)
    assert state.get("curate").document == {"n": 3}


def test_names_are_apart(state: StateStore) -> None:
    state.put("curate", {"n": 1}, expected=0)
    assert state.get("flush").version == 0
