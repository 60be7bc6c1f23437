import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import EndpointConnectionError, ParamValidationError
from samtranslator.yaml_helper import yaml_parse

from functions.collect.handler import lambda_handler
from regulars import wiring
from regulars.adapters import aws
from regulars.domain.collection.source import Source, digest_of
from tests.fakes.stores import MemorySources

TEMPLATE = Path(__file__).parents[2] / "template.yaml"


def test_threads_that_ask_at_once_share_one_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aws, "_clients", {})
    made: list[object] = []
    all_here = threading.Barrier(8)

    def slow_client(service: str, **options: object) -> object:
        made.append(object())
        threading.Event().wait(0.05)
        return made[-1]

    def ask(_: int) -> object:
        all_here.wait()
        return aws.client("sqs")

    monkeypatch.setattr(boto3, "client", slow_client)
    with ThreadPoolExecutor(8) as pool:
        given = list(pool.map(ask, range(8)))
    assert len(made) == 1
    assert all(client is made[0] for client in given)


def test_each_service_has_its_own_client_with_short_timeouts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aws, "_clients", {})
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    sqs, s3 = aws.client("sqs"), aws.client("s3")
    assert (sqs.meta.service_model.service_name, s3.meta.service_model.service_name) == ("sqs", "s3")
    assert aws.client("sqs") is sqs
    assert sqs.meta.config.connect_timeout + sqs.meta.config.read_timeout <= 10


def test_only_what_dynamodb_is_asked_goes_out_unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aws, "_clients", {})
    for name in ("AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "us-east-1")
    with socket.create_server(("127.0.0.1", 0)) as closed:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{closed.getsockname()[1]}")
    with pytest.raises(EndpointConnectionError):
        aws.client("dynamodb", hurried=True).get_item(TableName="profiles", Key={"user_id": {"S": 7}})
    with pytest.raises(ParamValidationError):
        aws.client("sqs", hurried=True).send_message(QueueUrl="queue", MessageBody=7)


def test_collect_says_itself_that_a_service_hangs_before_its_time_is_over() -> None:
    function = yaml_parse(TEMPLATE.read_text())["Resources"]["CollectFunction"]["Properties"]
    allowed = min(function["Timeout"], function["Events"]["EveryOtherPath"]["Properties"]["TimeoutInMillis"] / 1000)
    hurried: Any = aws.HURRIED
    a_service = (hurried.connect_timeout + hurried.read_timeout) * hurried.retries["total_max_attempts"]
    assert 2 * a_service + 1 <= allowed, "DynamoDB, then SQS, and a second to begin and to answer"


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """DynamoDB and SQS are there, and never say a word. Collect's patience is shorter here."""
    monkeypatch.setattr(aws, "_clients", {})
    monkeypatch.setattr(aws, "HURRIED", aws.HURRIED.merge(Config(read_timeout=0.05)))
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        for service in ("SQS", "DYNAMODB"):
            monkeypatch.setenv(f"AWS_ENDPOINT_URL_{service}", url)
        monkeypatch.setenv("QUEUE_URL", f"{url}/123456789012/events")
        monkeypatch.setenv("SOURCES_TABLE", f"sources-{url}")
        for name in ("JOURNEYS_TABLE", "DEFINITIONS_TABLE", "LAKE_BUCKET"):
            monkeypatch.setenv(name, "of-no-matter")
        monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "collect")
        monkeypatch.setenv("JOURNEY_QUEUE_URL", f"{url}/123456789012/journeys.fifo")
        yield
    wiring.install()


@pytest.mark.parametrize(("knows_keys", "code"), [(False, "store_unavailable"), (True, "queue_unavailable")])
@pytest.mark.usefixtures("hanging")
def test_a_service_that_hangs_is_answered_with_503_and_a_code(knows_keys: bool, code: str) -> None:
    sources = MemorySources(Source.created("demo", digest_of("k"), at=wiring.clock().now()))
    wiring.install(**({"write_keys": sources} if knows_keys else {}))
    response = lambda_handler(posted(), None)
    assert (response["statusCode"], response["headers"]["retry-after"]) == (503, "2")
    assert f'"code":"{code}"' in response["body"]


def posted() -> dict[str, Any]:
    return {
        "requestContext": {"http": {"method": "POST"}},
        "rawPath": "/v1/track",
        "headers": {},
        "body": '{"writeKey":"k","userId":"u","event":"x"}',
    }
