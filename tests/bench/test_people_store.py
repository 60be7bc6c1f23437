"""What the benchmark of deliver takes for DynamoDB does what deliver relies on."""

import orjson
import pytest

from bench.people_store import DEVICES, PROFILES, Tables, shard_row, token
from regulars.adapters.documents.devices import device_of
from regulars.adapters.documents.profiles import profile_of
from regulars.domain.delivery.recipients import fingerprint

READ = "BatchGetItem"


def written(tables: Tables, version: int, expected: int | None = None) -> bool:
    condition = {} if expected is None else {"ExpressionAttributeValues": {":expected": {"N": str(expected)}}}
    item = {"name": {"S": "run/0"}, "version": {"N": str(version)}}
    return tables.answer("PutItem", {"TableName": "claims", "Item": item, **condition}) is not None


def test_a_write_that_expects_an_older_version_is_refused() -> None:
    tables = Tables()
    assert written(tables, 1)
    assert not written(tables, 1)
    assert written(tables, 2, expected=1)
    assert not written(tables, 2, expected=1)
    assert tables.answer("GetItem", {"TableName": "claims", "Key": {"name": {"S": "run/0"}}}) == {
        "Item": {"name": {"S": "run/0"}, "version": {"N": "2"}}
    }


@pytest.mark.parametrize("number", [0, 999_999])
def test_whom_it_makes_up_can_be_sent_to(number: int) -> None:
    tables, row = Tables(), shard_row(number)
    (person,) = tables.answer(READ, asked(PROFILES, "user_id", row["user_id"]))["Responses"][PROFILES]  # type: ignore[index]
    (thing,) = tables.answer(READ, asked(DEVICES, "device_id", row["device_id"]))["Responses"][DEVICES]  # type: ignore[index]
    profile, device = profile_of(orjson.loads(person["document"]["S"])), device_of(orjson.loads(thing["document"]["S"]))
    assert profile.user_id == device.owner == row["user_id"]
    assert device.target is not None
    assert device.target.value == token(number)
    assert fingerprint(device.target.value) == row["fingerprint"]
    assert tables.used["dynamodb_read"] == 2


def asked(table: str, key: str, value: str) -> dict[str, object]:
    return {"RequestItems": {table: {"Keys": [{key: {"S": value}}], "ConsistentRead": True}}}
