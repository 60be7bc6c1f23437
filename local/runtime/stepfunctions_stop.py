"""StopExecution as on AWS: the execution is ABORTED when the call is answered, with the error and the cause that were given.

moto 5.2.5 lets it run until the task that it is at has ended, and forgets both. What a task began goes on as on AWS: a function to its end, a query
until it is stopped. Redriving is refused by name. https://docs.aws.amazon.com/step-functions/latest/apireference/API_StopExecution.html
"""

from contextvars import ContextVar
from datetime import datetime
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.stepfunctions.parser.api import ExecutionStatus
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication, Execution
from moto.stepfunctions.responses import StepFunctionResponse

from local.runtime.corrections import replace, require_moto

_given: ContextVar[tuple[str | None, str | None]] = ContextVar("given", default=(None, None))
"""The error and the cause of the call that is being answered: moto's backend does not pass them on."""


class RedriveRefusedError(JsonRESTError):
    code = 400

    def __init__(self) -> None:
        super().__init__("ValidationException", "the local cloud redrives no executions: start another")


def install() -> None:
    """Correct moto in this process. Idempotent; raises WrongMotoVersionError."""
    require_moto("Step Functions' stops")
    if Execution.stop.__module__ == __name__:
        return
    stock_stop, stock_terminated, stock_answer = Execution.stop, BaseExecutionWorkerCommunication.terminated, StepFunctionResponse.stop_execution

    def stop(self: Execution, stop_date: datetime, error: str | None, cause: str | None) -> None:
        stock_stop(self, stop_date, error, cause)
        if self.exec_status == ExecutionStatus.RUNNING:
            self.exec_status, self.stop_date = ExecutionStatus.ABORTED, stop_date
            self.error, self.cause = _given.get()

    def answer(self: Any) -> Any:
        token = _given.set((self._get_param("error"), self._get_param("cause")))
        try:
            return stock_answer(self)
        finally:
            _given.reset(token)

    def terminated(self: BaseExecutionWorkerCommunication) -> None:
        if self.execution.exec_status != ExecutionStatus.ABORTED:
            stock_terminated(self)

    replace(Execution, "stop", stop)
    replace(StepFunctionResponse, "stop_execution", answer)
    replace(BaseExecutionWorkerCommunication, "terminated", terminated)
    setattr(StepFunctionResponse, "redrive_execution", _refused)  # noqa: B010 -- moto has none


def _refused(self: Any) -> None:
    raise RedriveRefusedError
