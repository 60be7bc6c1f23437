"""Starting a run's execution, against moto."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from regulars.adapters import aws
from regulars.adapters.step_functions import StepFunctionsRunner
from regulars.domain.errors import RunnerUnavailableError


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setattr(aws, "_clients", {})
    with mock_aws():
        definition = json.dumps({"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}})
        role = "arn:aws:iam::123456789012:role/r"
        made = boto3.client("stepfunctions").create_state_machine(name="campaign", definition=definition, roleArn=role)
        yield made["stateMachineArn"]


def test_the_execution_has_the_name_of_the_run_and_the_run_as_its_input(machine: str) -> None:
    arn = StepFunctionsRunner(machine).start("spring-1")
    found: Any = boto3.client("stepfunctions").describe_execution(executionArn=arn)
    assert found["name"] == "spring-1"
    assert json.loads(found["input"]) == {"run_id": "spring-1", "execution": 1}


def test_starting_it_again_is_the_same_execution(machine: str) -> None:
    runner = StepFunctionsRunner(machine)
    assert runner.start("spring-1") == runner.start("spring-1")
    assert len(boto3.client("stepfunctions").list_executions(stateMachineArn=machine)["executions"]) == 1


def test_a_machine_that_is_not_there_is_ours_to_mend(machine: str) -> None:
    with pytest.raises(RunnerUnavailableError, match="spring-1"):
        StepFunctionsRunner(machine + "x").start("spring-1")
