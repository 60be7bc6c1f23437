"""What every ClaimStore does, real or fake."""

import time

import boto3
import pytest

from regulars.adapters.dynamo_claims import LIFE_SECONDS, DynamoClaims
from regulars.domain.errors import StoreUnavailableError
from regulars.ports import ClaimStore
from tests.contracts.conftest import TEMPLATE, Tables
from tests.contracts.suite import suite
from tests.fakes.stores import MemoryClaims


@pytest.fixture
def dynamo(table: Tables) -> ClaimStore:
    return DynamoClaims(table("ClaimsTable"))


claims = suite(ClaimStore, adapter="dynamo", fake=MemoryClaims)


def test_names_differ_by_the_whole_of_them(claims: ClaimStore) -> None:
    assert all(claims.hold(name, holder=f"m{number}") for number, name in enumerate(("r1/device/3", "r1/device/4", "r1/3", "r2/device/3")))


def test_a_name_that_is_held_may_be_held_again_by_its_holder_and_by_nobody_else(claims: ClaimStore) -> None:
    assert [claims.hold("r1/device/a", holder="m1") for _ in range(3)] == [True, True, True]
    assert not claims.hold("r1/device/a", holder="m2")
    assert claims.hold("r1/device/b", holder="m2")
    assert claims.hold("r1/device/a", holder="m1"), "whoever asked in vain took nothing away"


def test_what_is_held_says_when_dynamodb_may_forget_it(table: Tables) -> None:
    claims = DynamoClaims(table("ClaimsTable"))
    claims.hold("a", holder="me")
    items = boto3.client("dynamodb").scan(TableName="ClaimsTable")["Items"]
    assert len(items) == 1
    assert all(abs(int(item["expires_at"]["N"]) - time.time() - LIFE_SECONDS) < 60 for item in items)
    assert "TimeToLiveSpecification: {AttributeName: expires_at, Enabled: true}" in TEMPLATE.read_text()


def test_a_table_that_is_not_there_says_so(aws: None) -> None:
    with pytest.raises(StoreUnavailableError):
        DynamoClaims("nothing").hold("a", holder="me")
