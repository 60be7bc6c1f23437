"""What every LookBackRunner does, real or fake."""

import json
from typing import Any

import boto3
import pytest

from regulars.adapters.step_functions import StepFunctionsLookBacks
from regulars.domain.errors import InfrastructureError
from regulars.ports import LookBackRunner
from tests.contracts.suite import suite
from tests.fakes.services import MemoryLookBackRunner

ASKED: dict[str, Any] = {"journey_id": "cart", "question": {"start": "2026-11-01T00:00:00Z"}, "document": None}


@pytest.fixture
def step_functions(aws: None) -> LookBackRunner:
    definition = json.dumps({"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}})
    role = "arn:aws:iam::123456789012:role/r"
    made = boto3.client("stepfunctions").create_state_machine(name="l", definition=definition, roleArn=role)
    return StepFunctionsLookBacks(made["stateMachineArn"])


runner = suite(LookBackRunner, adapter="step_functions", fake=MemoryLookBackRunner)


def test_one_that_was_begun_already_is_the_same(runner: LookBackRunner) -> None:
    for _ in range(2):
        runner.start("5f2b", ASKED)


def test_what_is_not_taken_is_ours_to_mend(aws: None) -> None:
    refusing = MemoryLookBackRunner()
    refusing.refuses = InfrastructureError("it is a test")
    for one in (StepFunctionsLookBacks("arn:aws:states:us-east-1:123456789012:stateMachine:nothing"), refusing):
        with pytest.raises(InfrastructureError):
            one.start("5f2b", ASKED)
