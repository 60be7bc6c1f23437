"""DeviceStore: the same promises from DynamoDB (moto) and from memory. How many are read and written at once, and what DynamoDB leaves undone, the
suite of ProfileStore shows of the same adapter."""

import pytest

from regulars.adapters.dynamo_devices import DynamoDevices
from regulars.domain.collection.device import PushTarget
from regulars.domain.errors import ConflictError, StoreUnavailableError
from regulars.domain.people.device import Device, Registration, Use
from regulars.ports import DeviceStore, Stored
from tests.contracts.conftest import Tables
from tests.contracts.suite import suite
from tests.examples import phone
from tests.fakes.stores import MemoryDevices

WHOLE = Device(
    "d1",
    Use("t", "tie", "ädä", "ios", "de-AT", "Europe/Vienna", "5.2", {"locale": ("s", "tie")}, push_enabled=False),
    Registration("t", "tie", "ädä", PushTarget("fid", "f1")),
)
NOBODYS = phone("d2", None, None)


@pytest.fixture
def dynamo(table: Tables) -> DeviceStore:
    return DynamoDevices(table("DevicesTable"))


devices = suite(DeviceStore, adapter="dynamo", fake=MemoryDevices)


def test_a_device_comes_back_as_it_was_with_its_version(devices: DeviceStore) -> None:
    assert devices.put_many([Stored(WHOLE, 0), Stored(NOBODYS, 0)]) == set()
    assert devices.get_many(["d1", "d2", "d1", "d3"]) == {"d1": Stored(WHOLE, 1), "d2": Stored(NOBODYS, 1)}
    devices.put(WHOLE.without(WHOLE.registration), expected=1)
    assert devices.get_many(["d1"]) == {"d1": Stored(WHOLE.without(WHOLE.registration), 2)}


@pytest.mark.parametrize("expected", [0, 2])
def test_a_write_that_expects_another_version_is_a_conflict_and_changes_nothing(devices: DeviceStore, expected: int) -> None:
    devices.put(WHOLE, expected=0)
    with pytest.raises(ConflictError):
        devices.put(phone("d1", "bob", "t2"), expected=expected)
    assert devices.get_many(["d1"]) == {"d1": Stored(WHOLE, 1)}


def test_of_many_those_that_another_wrote_are_named(devices: DeviceStore) -> None:
    devices.put(phone("d7", "bob", "t"), expected=0)
    assert set(devices.put_many([Stored(phone(f"d{n}", "ada", "t"), 0) for n in range(30)])) == {"d7"}
    assert devices.get_many(["d7"])["d7"].value.owner == "bob"


def test_a_table_that_is_not_there_says_so(aws: None) -> None:
    with pytest.raises(StoreUnavailableError):
        DynamoDevices("nothing").get_many(["d1"])
