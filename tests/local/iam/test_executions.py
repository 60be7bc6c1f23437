"""An execution of a state machine works for the machine's role, in its branches and children too."""

import json
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest

from local.iam import gate
from local.iam.authority import Authority
from local.resources.model import Function
from local.runtime import stepfunctions
from tests.local.runtime.conftest import make_function, run_lambdas

__all__ = ["make_function", "run_lambdas"]

ROLE = "arn:aws:iam::123456789012:role/machine"
CALL = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f"}, "End": True}
MAP = {
    "Type": "Map",
    "ItemsPath": "$",
    "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "Call", "States": {"Call": CALL}},
    "End": True,
}
CHILDREN = ("states:StartExecution", "states:DescribeExecution", "states:StopExecution")


@pytest.fixture
def authority(cloud: None, make_function: Callable[..., Function], run_lambdas: Callable[..., Any]) -> Iterator[Authority]:
    run_lambdas(make_function("f", "def lambda_handler(event, context):\n    return 1\n"))
    judge = Authority()
    gate.connect(judge)
    yield judge
    gate.connect(None)
    stepfunctions.stop_executions()


def ended(authority: Authority, state: dict[str, Any], *actions: str) -> dict[str, Any]:
    """How an execution ends whose role may do these."""
    authority.add_role(ROLE, "Machine", [{"Statement": {"Effect": "Allow", "Action": list(actions), "Resource": "*"}}], [])
    client = boto3.client("stepfunctions")
    definition = json.dumps({"StartAt": "S", "States": {"S": state}})
    machine = client.create_state_machine(name=f"m-{uuid.uuid4().hex[:6]}", roleArn=ROLE, definition=definition)["stateMachineArn"]
    execution = client.start_execution(stateMachineArn=machine, input="[1, 2]")["executionArn"]
    deadline = time.monotonic() + 20
    while (found := client.describe_execution(executionArn=execution))["status"] == "RUNNING":
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return found


def test_a_task_without_its_right_fails_and_names_it(authority: Authority) -> None:
    found = ended(authority, CALL, "states:StartExecution")
    assert (found["status"], found["error"]) == ("FAILED", "Lambda.AccessDeniedException")
    assert f"{ROLE.rsplit('/', 1)[-1]}/" in found["cause"] and "lambda:InvokeFunction" in found["cause"]
    assert ended(authority, CALL, "lambda:InvokeFunction")["status"] == "SUCCEEDED"


@pytest.mark.parametrize("missing", CHILDREN)
def test_a_distributed_map_needs_to_start_follow_and_stop_its_children(authority: Authority, missing: str) -> None:
    found = ended(authority, MAP, "lambda:InvokeFunction", *(action for action in CHILDREN if action != missing))
    assert (found["status"], found["error"]) == ("FAILED", "States.Permissions") and missing in found["cause"]


def test_children_work_for_the_same_role(authority: Authority) -> None:
    assert ended(authority, MAP, *CHILDREN)["status"] == "FAILED"
    assert ended(authority, MAP, "lambda:InvokeFunction", *CHILDREN)["status"] == "SUCCEEDED"
