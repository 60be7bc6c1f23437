"""QueueAges: CloudWatch as the local cloud has it, and from memory."""

from datetime import UTC, datetime, timedelta

import boto3
import pytest

from local.runtime import queue_ages, sqs
from regulars.adapters.cloudwatch_queue_ages import CloudWatchQueueAges
from regulars.domain.errors import StoreUnavailableError
from regulars.ports import QueueAges
from tests.contracts.suite import suite
from tests.fakes.operations import MemoryQueueAges


@pytest.fixture
def cloudwatch(aws: None) -> QueueAges:
    """A message lies in the one queue, and nothing in the other."""
    sqs.install()
    queue_ages.install()
    client = boto3.client("sqs")
    urls = {name: client.create_queue(QueueName=f"the-{name}")["QueueUrl"] for name in ("events", "imports")}
    client.send_message(QueueUrl=urls["events"], MessageBody="a batch")
    return CloudWatchQueueAges(urls)


ages = suite(QueueAges, adapter="cloudwatch", fake=lambda: MemoryQueueAges({"events": timedelta(seconds=1)}))


def test_the_oldest_message_has_an_age_and_an_empty_queue_none(ages: QueueAges) -> None:
    found = ages.oldest(datetime.now(UTC))
    assert set(found) == {"events"}
    assert timedelta(0) <= found["events"] < timedelta(minutes=1)


def test_a_cloudwatch_that_does_not_answer_says_so(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regulars.adapters.cloudwatch_queue_ages.client", lambda _: boto3.client("cloudwatch", endpoint_url="http://127.0.0.1:1"))
    with pytest.raises(StoreUnavailableError):
        CloudWatchQueueAges({"events": "https://sqs/events"}).oldest(datetime.now(UTC))
