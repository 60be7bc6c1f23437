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

RESOURCES = {
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
