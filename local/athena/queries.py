"""A query as the API knows it: its state, its end, and how both are told."""

import threading
import time
from typing import TYPE_CHECKING, Any

from moto.athena.models import Execution, WorkGroup
from moto.core.exceptions import JsonRESTError

from local.athena.errors import StatementFailedError
from local.athena.statements import Statement
from local.iam import principals

if TYPE_CHECKING:
    from local.athena.execution import Outcome
    from local.athena.session import Session

FINAL = frozenset({"SUCCEEDED", "FAILED", "CANCELLED"})


class InvalidRequestError(JsonRESTError):
    """What Athena refuses before a query exists."""

    code = 400

    def __init__(self, message: str) -> None:
        super().__init__("InvalidRequestException", message)


class LocalExecution(Execution):
    """One query. moto lists it with its own; its state moves on by itself instead of with each look."""

    status = "QUEUED"  # in place of ManagedState's property

    def __init__(self, query: str, context: Any, output: str, workgroup: WorkGroup | None, parameters: list[str] | None) -> None:
        super().__init__(query, context, {"OutputLocation": output}, workgroup, parameters)
        self.status = "QUEUED"
        self.started_running = 0.0
        self.refused: Exception | None = None
        self.statement: Statement | None = None
        self.statement_type = "DML"
        self.outcome: Outcome | None = None
        self.failure: StatementFailedError | None = None
        self.reason = ""
        self.bytes_read = 0
        self.session: Session | None = None
        self.cancelled = False
        self.lock = threading.Lock()
        self.over = threading.Event()
        self.principal = principals.current()

    def finish(self, status: str, reason: str = "") -> None:
        """The first end counts: a query that was cancelled stays so."""
        with self.lock:
            if self.status not in FINAL:
                self.end_time = time.time()
                self.status, self.reason = status, reason
        self.over.set()


def description(execution: LocalExecution) -> dict[str, Any]:
    """https://docs.aws.amazon.com/athena/latest/APIReference/API_QueryExecution.html"""
    over = execution.status in FINAL
    status: dict[str, Any] = {"State": execution.status, "SubmissionDateTime": execution.start_time}
    if over:
        status["CompletionDateTime"] = execution.end_time
        if execution.reason:
            status["StateChangeReason"] = execution.reason
    if execution.failure:
        failure = execution.failure
        status["AthenaError"] = {
            "ErrorCategory": failure.category,
            "ErrorType": failure.error_type,
            "Retryable": False,
            "ErrorMessage": failure.reason,
        }
    group = execution.workgroup
    described = {
        "QueryExecutionId": execution.id,
        "Query": execution.query,
        "StatementType": execution.statement_type,
        "ResultConfiguration": execution.config,
        "ResultReuseConfiguration": {"ResultReuseByAgeConfiguration": {"Enabled": False}},
        "QueryExecutionContext": execution.context or {},
        "Status": status,
        "Statistics": _statistics(execution, time.time() if not over else execution.end_time),
        "WorkGroup": group.name if group else None,
        "EngineVersion": {"SelectedEngineVersion": "AUTO", "EffectiveEngineVersion": "Athena engine version 3"},
    }
    if execution.execution_parameters is not None:
        described["ExecutionParameters"] = execution.execution_parameters
    return described


def _statistics(execution: LocalExecution, until: float) -> dict[str, Any]:
    running_since = execution.started_running or until
    statistics: dict[str, Any] = {
        "EngineExecutionTimeInMillis": round((until - running_since) * 1000),
        "DataScannedInBytes": execution.bytes_read,
        "TotalExecutionTimeInMillis": round((until - execution.start_time) * 1000),
        "QueryQueueTimeInMillis": round((running_since - execution.start_time) * 1000),
        "ServiceProcessingTimeInMillis": 0,
        "ResultReuseInformation": {"ReusedPreviousResult": False},
    }
    if execution.outcome and execution.outcome.manifest:
        statistics["DataManifestLocation"] = execution.outcome.manifest
    return statistics
