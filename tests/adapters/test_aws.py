import threading
from concurrent.futures import ThreadPoolExecutor

import boto3
import pytest

from regulars.adapters import aws


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
