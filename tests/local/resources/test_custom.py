"""Custom resources: invoked with a Create request, answered on loopback."""

import json
import threading
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from local.resources.model import Deployed, Function
from local.template.errors import TemplateError

Deploy = Callable[..., Deployed]

RESOURCES: dict[str, Any] = {
    "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}}},
    "Greet": {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Code": {"S3Bucket": "local", "S3Key": "functions/greet"},
            "Handler": "h.h",
            "Runtime": "python3.13",
            "Role": {"Fn::GetAtt": ["Role", "Arn"]},
        },
    },
    "Schema": {
        "Type": "Custom::Schema",
        "Properties": {"ServiceToken": {"Fn::GetAtt": ["Greet", "Arn"]}, "Version": "1"},
    },
}
OUTPUTS = {"Tables": {"Value": {"Fn::GetAtt": ["Schema", "Tables"]}}}


def answering(answer: bytes, requests: list[Mapping[str, Any]]) -> Callable[[Function, Mapping[str, Any]], str | None]:
    def invoke(function: Function, event: Mapping[str, Any]) -> str | None:
        requests.append(event)
        request = urllib.request.Request(event["ResponseURL"], answer, method="PUT")
        urllib.request.urlopen(request, timeout=5).close()
        return None

    return invoke


def test_the_function_is_asked_to_create_and_its_answer_gives_the_attributes(deploy: Deploy) -> None:
    requests: list[Mapping[str, Any]] = []
    answer = {"Status": "SUCCESS", "PhysicalResourceId": "schema-1", "Data": {"Tables": "7"}}
    deployed = deploy(RESOURCES, invoke=answering(json.dumps(answer).encode(), requests), Outputs=OUTPUTS)
    (request,) = requests
    assert (request["RequestType"], request["ResourceType"], request["LogicalResourceId"]) == (
        "Create",
        "Custom::Schema",
        "Schema",
    )
    assert request["ResourceProperties"] == {"ServiceToken": deployed.functions["Greet"].arn, "Version": "1"}
    assert {"StackId", "RequestId"} <= set(request)
    assert (deployed.references["Schema"], deployed.outputs) == ("schema-1", {"Tables": "7"})


def test_an_answer_that_does_not_come_within_the_service_timeout_fails_the_deploy(deploy: Deploy) -> None:
    told = threading.Event()

    def hangs(function: Function, event: Mapping[str, Any]) -> str | None:
        told.wait(10)
        return None

    schema = {**RESOURCES["Schema"], "Properties": {**RESOURCES["Schema"]["Properties"], "ServiceTimeout": "1"}}
    with pytest.raises(TemplateError, match=r"Resources\.Schema\.Properties\.ServiceTimeout: .*Greet has not answered within 1 s"):
        deploy({**RESOURCES, "Schema": schema}, invoke=hangs)
    told.set()


def test_an_answer_counts_although_the_function_goes_on(deploy: Deploy) -> None:
    told = threading.Event()
    answer = answering(json.dumps({"Status": "SUCCESS", "PhysicalResourceId": "schema-1"}).encode(), [])

    def answers_and_goes_on(function: Function, event: Mapping[str, Any]) -> str | None:
        answer(function, event)
        told.wait(10)
        return None

    assert deploy(RESOURCES, invoke=answers_and_goes_on).references["Schema"] == "schema-1"
    told.set()


@pytest.mark.parametrize("seconds", ["0", "3601", "soon"])
def test_a_service_timeout_that_cloudformation_would_not_take_is_refused(deploy: Deploy, seconds: str) -> None:
    schema = {**RESOURCES["Schema"], "Properties": {**RESOURCES["Schema"]["Properties"], "ServiceTimeout": seconds}}
    with pytest.raises(TemplateError, match=r"Resources\.Schema\.Properties\.ServiceTimeout"):
        deploy({**RESOURCES, "Schema": schema}, invoke=fails)


def fails(function: Function, event: Mapping[str, Any]) -> str | None:
    return '{"errorType": "QueryFailedError"}'


def forgets(function: Function, event: Mapping[str, Any]) -> str | None:
    return None


@pytest.mark.parametrize(
    ("invoke", "message"),
    [
        (answering(b'{"Status": "FAILED", "Reason": "no such table"}', []), "Greet answered FAILED: no such table"),
        (answering(b"not json", []), "answered FAILED: the answer is not JSON"),
        (fails, "QueryFailedError"),
        (forgets, "ended without an answer to its ResponseURL"),
    ],
)
def test_a_failure_says_why_and_leaves_no_server_behind(deploy: Deploy, invoke: Any, message: str) -> None:
    with pytest.raises(TemplateError, match=rf"Resources\.Schema\.Properties\.ServiceToken: .*({message})"):
        deploy(RESOURCES, invoke=invoke)
    assert "custom-resource" not in {thread.name for thread in threading.enumerate()}
