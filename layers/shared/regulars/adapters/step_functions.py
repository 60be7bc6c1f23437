"""Runs of campaigns, and looks back, on Step Functions."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError

from regulars.adapters.aws import client
from regulars.domain.campaigns.execution import Execution, ExecutionState, execution_name
from regulars.domain.documents import JsonObject
from regulars.domain.errors import RunnerUnavailableError

if TYPE_CHECKING:
    from types_boto3_stepfunctions import SFNClient

_STATES: Final[Mapping[str, ExecutionState]] = {
    "RUNNING": "running",
    "PENDING_REDRIVE": "running",
    "SUCCEEDED": "succeeded",
    "FAILED": "failed",
    "TIMED_OUT": "timed_out",
    "ABORTED": "aborted",
}
"""https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html"""


class _StateMachine:
    def __init__(self, state_machine: str) -> None:
        """`state_machine` is its ARN."""
        self._state_machine = state_machine

    @property
    def _step_functions(self) -> "SFNClient":
        return client("stepfunctions")  # type: ignore[no-any-return]

    def _started(self, name: str, given: JsonObject, what: str) -> str:
        """The ARN of the execution of that name, which is begun once. Raises RunnerUnavailableError where Step Functions does not take it."""
        try:
            answer = self._step_functions.start_execution(stateMachineArn=self._state_machine, name=name, input=json.dumps(given))
        except ClientError as error:
            if error.response["Error"]["Code"] == "ExecutionAlreadyExists":
                return self._execution(name)
            raise RunnerUnavailableError(f"the state machine did not take {what}: {error}") from error
        except BotoCoreError as error:
            raise RunnerUnavailableError(f"the state machine did not take {what}: {error}") from error
        return answer["executionArn"]

    def _execution(self, name: str) -> str:
        return f"{self._state_machine.replace(':stateMachine:', ':execution:')}:{name}"


class StepFunctionsRunner(_StateMachine):
    """The `CampaignRunner`."""

    def start(self, run_id: str, number: int = 1) -> str:
        """Raises RunnerUnavailableError where Step Functions does not take it."""
        return self._started(execution_name(run_id, number), {"run_id": run_id, "execution": number}, f"run {run_id}")

    def look(self, run_id: str, number: int = 1) -> Execution:
        try:
            found = self._step_functions.describe_execution(executionArn=self._execution(execution_name(run_id, number)))
        except ClientError as error:
            if error.response["Error"]["Code"] == "ExecutionDoesNotExist":
                return Execution("missing")
            raise RunnerUnavailableError(f"Step Functions does not say how run {run_id} stands: {error}") from error
        except BotoCoreError as error:
            raise RunnerUnavailableError(f"Step Functions does not say how run {run_id} stands: {error}") from error
        return Execution(_STATES[found["status"]], found.get("error") or "", found.get("cause") or "")


class StepFunctionsLookBacks(_StateMachine):
    """The `LookBackRunner`."""

    def start(self, look_back_id: str, asked: JsonObject) -> None:
        self._started(look_back_id, {**asked, "look_back_id": look_back_id}, f"look back {look_back_id}")
