"""CampaignRunner on Step Functions."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError

from regulars.adapters.aws import client
from regulars.domain.campaigns.execution import Execution, ExecutionState, execution_name
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


class StepFunctionsRunner:
    """One state machine."""

    def __init__(self, state_machine: str) -> None:
        """`state_machine` is its ARN."""
        self._state_machine = state_machine

    @property
    def _step_functions(self) -> "SFNClient":
        return client("stepfunctions")  # type: ignore[no-any-return]

    def start(self, run_id: str, number: int = 1) -> str:
        """Raises RunnerUnavailableError where Step Functions does not take it."""
        name, given = execution_name(run_id, number), json.dumps({"run_id": run_id, "execution": number})
        try:
            answer = self._step_functions.start_execution(stateMachineArn=self._state_machine, name=name, input=given)
        except ClientError as error:
            if error.response["Error"]["Code"] == "ExecutionAlreadyExists":
                return self._execution(name)
            raise RunnerUnavailableError(f"the campaign state machine did not take run {run_id}: {error}") from error
        except BotoCoreError as error:
            raise RunnerUnavailableError(f"the campaign state machine did not take run {run_id}: {error}") from error
        return answer["executionArn"]

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

    def _execution(self, name: str) -> str:
        return f"{self._state_machine.replace(':stateMachine:', ':execution:')}:{name}"
