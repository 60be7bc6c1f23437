"""Functions' lines in their log groups, read as on AWS."""

from collections.abc import Callable
from typing import Any

import boto3
import pytest

from local.resources.model import Function
from local.runtime import logs
from local.runtime.lambdas import Lambdas

HANDLER = """
    def lambda_handler(event, context):
        print("line", event["n"])
        if event["n"] == 2:
            raise ValueError("two is too many")
"""


def messages(group: str) -> list[str]:
    return [event["message"] for event in boto3.client("logs").filter_log_events(logGroupName=group)["events"]]


def test_what_a_function_prints_and_how_it_fails_is_in_its_log_group(
    cloud: None, make_function: Callable[..., Function], run_lambdas: Callable[..., Lambdas]
) -> None:
    lambdas = run_lambdas(make_function("f", HANDLER, log_group="stack-FLogGroup"), on_printed=logs.write)
    for number in (1, 2):
        lambdas.invoke("f", b'{"n": %d}' % number)
    first, second, error = messages("stack-FLogGroup")
    assert (first, second) == ("line 1", "line 2")
    assert error.startswith("[ERROR] ")
    assert "two is too many" in error


def test_only_the_last_lines_are_kept(cloud: None, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "KEPT_LINES", 3)
    function = Function("F", "f", "arn", "h.f", tmp_path, log_group="g")
    for number in range(5):
        logs.write(function, [f"line {number}"])
    assert messages("g") == ["line 2", "line 3", "line 4"]
