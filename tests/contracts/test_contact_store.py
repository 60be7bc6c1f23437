"""What every ContactStore does, real or fake."""

import boto3
import pytest

from regulars.adapters.dynamo_contacts import DynamoContacts
from regulars.domain.delivery.caps import KEPT, KEPT_FOR, MARK_BYTES, Contact, Contacts
from regulars.domain.errors import StoreUnavailableError
from regulars.ports import ContactStore
from tests.contracts.conftest import TEMPLATE, Tables
from tests.contracts.suite import suite
from tests.fakes.stores import MemoryContacts

SECOND = 1_795_694_400


@pytest.fixture
def dynamo(table: Tables) -> ContactStore:
    return DynamoContacts(table("ContactsTable"))


contacts = suite(ContactStore, adapter="dynamo", fake=MemoryContacts)


def pushes(user_id: str, count: int) -> Contacts:
    return Contacts(user_id, tuple(Contact(SECOND + 60 * n, n.to_bytes(MARK_BYTES)) for n in range(count)))


def test_what_was_written_of_each_comes_back_as_it_was(contacts: ContactStore) -> None:
    many = [pushes(f"u{number}", number) for number in range(1, 61)]
    assert contacts.put_many([(None, each) for each in many]) == set()
    assert contacts.get_many([each.user_id for each in many] + ["nobody"]) == {each.user_id: each for each in many}


def test_a_write_takes_the_place_of_what_was_read_and_of_nothing_else(contacts: ContactStore) -> None:
    one, two, three = (pushes("ada", count) for count in (1, 2, 3))
    assert contacts.put_many([(None, one)]) == set()
    assert contacts.put_many([(None, two)]) == {"ada"}, "somebody was before"
    assert contacts.put_many([(two, three), (None, pushes("bob", 1))]) == {"ada"}, "and each write is its own"
    assert contacts.put_many([(one, two)]) == set()
    assert contacts.put_many([(pushes("eve", 1), pushes("eve", 2))]) == {"eve"}, "what is forgotten is not what was read"
    assert contacts.get_many(["ada", "bob", "eve"]) == {"ada": two, "bob": pushes("bob", 1)}


def test_what_is_taken_back_leaves_room_for_others(contacts: ContactStore) -> None:
    contacts.put_many([(None, pushes("ada", 1))])
    assert contacts.put_many([(pushes("ada", 1), pushes("ada", 0))]) == set()
    assert contacts.put_many([(pushes("ada", 0), pushes("ada", 1))]) == set()


def test_an_item_is_one_write_unit_however_many_pushes_and_is_forgotten_when_none_counts(table: Tables) -> None:
    name = table("ContactsTable")
    DynamoContacts(name).put_many([(None, pushes("u" * 128, KEPT))])
    (item,) = boto3.client("dynamodb").scan(TableName=name)["Items"]
    values = [item["user_id"]["S"].encode(), item["pushes"]["S"].encode(), item["expires_at"]["N"].encode()]
    assert sum(map(len, item)) + sum(map(len, values)) <= 1_024
    assert int(item["expires_at"]["N"]) == SECOND + 60 * (KEPT - 1) + KEPT_FOR.total_seconds()
    assert "TimeToLiveSpecification: {AttributeName: expires_at, Enabled: true}" in TEMPLATE.read_text()


def test_a_table_that_is_not_there_says_so(aws: None) -> None:
    with pytest.raises(StoreUnavailableError):
        DynamoContacts("nothing").get_many(["ada"])
