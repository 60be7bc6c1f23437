"""What every CampaignRunner does, real or fake."""

import json
from collections.abc import Callable

import boto3
import pytest

from regulars.adapters.step_functions import StepFunctionsRunner
from regulars.domain.campaigns.execution import Execution
from regulars.domain.errors import InfrastructureError, QueueUnavailableError
from regulars.ports import CampaignRunner
from tests.contracts.suite import suite
from tests.fakes.services import MemoryRunner


@pytest.fixture
def step_functions(aws: None) -> CampaignRunner:
    definition = json.dumps({"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}})
    role = "arn:aws:iam::123456789012:role/r"
    return StepFunctionsRunner(boto3.client("stepfunctions").create_state_machine(name="c", definition=definition, roleArn=role)["stateMachineArn"])


def missing() -> CampaignRunner:
    return StepFunctionsRunner("arn:aws:states:us-east-1:123456789012:stateMachine:nothing")


def refusing() -> CampaignRunner:
    runner = MemoryRunner()
    runner.refuses = QueueUnavailableError("it is a test")
    return runner


runner = suite(CampaignRunner, adapter="step_functions", fake=MemoryRunner)


def test_the_execution_is_named_by_the_run(runner: CampaignRunner) -> None:
    arn = runner.start("spring-1")
    assert arn.startswith("arn:aws:states:")
    assert ":execution:" in arn and arn.endswith(":spring-1")


def test_starting_a_run_again_is_the_same_execution_and_another_run_is_another(runner: CampaignRunner) -> None:
    first = runner.start("spring-1")
    assert runner.start("spring-1") == first
    assert runner.start("spring-2") != first


def test_a_run_that_was_started_has_an_execution_and_another_has_none(runner: CampaignRunner) -> None:
    runner.start("spring-1")
    assert runner.look("spring-1").state in ("running", "succeeded")
    assert runner.look("spring-2") == Execution("missing")


def test_each_execution_of_a_run_is_started_once_and_looked_at_by_its_number(runner: CampaignRunner) -> None:
    first, second = runner.start("spring-1"), runner.start("spring-1", 2)
    assert (first != second, second) == (True, runner.start("spring-1", 2))
    assert runner.look("spring-1", 2).state in ("running", "succeeded")
    assert runner.look("spring-1", 3) == Execution("missing")


@pytest.mark.parametrize("make", [missing, refusing])
def test_what_is_not_started_is_ours_to_mend(make: Callable[[], CampaignRunner], aws: None) -> None:
    with pytest.raises(InfrastructureError):
        make().start("spring-1")
