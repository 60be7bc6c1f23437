"""The answer to CloudFormation, as it arrives."""

import json
from pathlib import Path
from typing import Any
from urllib.error import URLError

import pytest

from regulars.adapters.cloudformation import answer

EVENT = json.loads((Path(__file__).parents[2] / "events/migrate/create.json").read_text())


class Presigned:
    """What `urlopen` was asked."""

    def __init__(self) -> None:
        self.requests: list[Any] = []
        self.failures: list[Exception] = []

    def __call__(self, request: Any, timeout: float) -> "Presigned":
        self.requests.append(request)
        if self.failures:
            raise self.failures.pop()
        return self

    def __enter__(self) -> None: ...

    def __exit__(self, *error: object) -> None: ...


@pytest.fixture
def presigned(monkeypatch: pytest.MonkeyPatch) -> Presigned:
    there = Presigned()
    monkeypatch.setattr("urllib.request.urlopen", there)
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    return there


def test_it_is_put_to_the_presigned_url_without_a_content_type(presigned: Presigned) -> None:
    answer(EVENT, succeeded=True, reason="7 statements", data={"A": "b"})
    (request,) = presigned.requests
    assert (request.method, request.full_url, request.get_header("Content-type")) == ("PUT", EVENT["ResponseURL"], "")
    body = json.loads(request.data)
    assert (body["Status"], body["PhysicalResourceId"], body["Data"]) == ("SUCCESS", "Schema", {"A": "b"})


@pytest.mark.parametrize("character", ["x", "é", "\n", "\ud800"])
def test_a_long_reason_is_cut_because_an_answer_over_4096_bytes_is_not_read(character: str, presigned: Presigned) -> None:
    answer(EVENT, succeeded=False, reason="0008_channel.sql: " + character * 5000, data={})
    body = presigned.requests[0].data
    assert len(body) <= 4096
    assert json.loads(body)["Reason"].startswith("0008_channel.sql: ") and json.loads(body)["Reason"].endswith("…")


def test_an_answer_that_does_not_arrive_is_sent_twice_more(presigned: Presigned) -> None:
    presigned.failures = [URLError("reset"), TimeoutError()]
    answer(EVENT, succeeded=True, reason="", data={})
    assert len(presigned.requests) == 3


def test_an_answer_that_never_arrives_is_an_error(presigned: Presigned) -> None:
    presigned.failures = [URLError("reset")] * 4
    with pytest.raises(URLError):
        answer(EVENT, succeeded=True, reason="", data={})
    assert len(presigned.requests) == 3
