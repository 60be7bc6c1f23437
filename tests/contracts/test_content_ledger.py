"""What every ContentLedger does, real or fake."""

from datetime import UTC, datetime, timedelta

import pytest

from regulars.adapters.dynamo_content import DynamoContentLedger
from regulars.domain.errors import StoreUnavailableError
from regulars.ports import ContentLedger, Known
from tests.contracts.conftest import Tables
from tests.contracts.suite import suite
from tests.fakes.content import MemoryContentLedger

NOW = datetime(2026, 11, 21, 10, 0, 0, 7, tzinfo=UTC)


@pytest.fixture
def dynamo(table: Tables) -> ContentLedger:
    return DynamoContentLedger(table("ContentTable"))


ledger = suite(ContentLedger, adapter="dynamo", fake=MemoryContentLedger)


def test_an_item_that_was_taken_and_not_settled_keeps_the_moment_of_who_came_first(ledger: ContentLedger) -> None:
    assert ledger.take("a", NOW) == NOW
    assert ledger.take("a", NOW + timedelta(hours=1)) == NOW
    assert not ledger.settled(["a"])


def test_a_settled_item_is_never_taken_again(ledger: ContentLedger) -> None:
    ledger.take("a", NOW)
    ledger.settle(["a", "b"], Known(NOW))
    assert ledger.take("a", NOW) is ledger.take("b", NOW) is None
    assert set(ledger.settled(["a", "b", "c", "a"])) == {"a", "b"}


def test_what_people_were_told_of_an_item_is_known_and_may_become_another(ledger: ContentLedger) -> None:
    ledger.settle(["learned"], Known(NOW))
    ledger.settle(["told"], Known(NOW, "x1"))
    assert ledger.settled(["learned", "told"]) == {"learned": Known(NOW), "told": Known(NOW, "x1")}
    ledger.settle(["told"], Known(NOW, "x2"))
    assert ledger.settled(["told"])["told"].said == "x2"


def test_nothing_is_asked_of_nothing(ledger: ContentLedger) -> None:
    ledger.settle([], Known(NOW))
    assert not ledger.settled([])


def test_a_table_that_is_not_there_says_so(aws: None) -> None:
    with pytest.raises(StoreUnavailableError):
        DynamoContentLedger("nothing").take("a", NOW)
