"""How the execution of a run in the state machine stands, and what its end says about a run that nobody concluded."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, assert_never

from regulars.domain.campaigns.duration import MAX_EXECUTION
from regulars.domain.campaigns.run import ABORTED, RunError

ExecutionState = Literal["running", "succeeded", "failed", "timed_out", "aborted", "missing"]

STRAGGLERS = timedelta(minutes=16)
"""So long after a run was told to stop a call of `deliver` may still be sending: the whole life of a Lambda, and a minute."""

START = timedelta(minutes=10)
"""A run without an execution is left alone for so long: whoever asked for one may be about to start it."""


@dataclass(frozen=True)
class Execution:
    """`missing` was never started, or is longer ago than Step Functions remembers, 90 days. `error` and `cause` are those of an execution that failed
    or was stopped, as far as somebody gave any."""

    state: ExecutionState
    error: str = ""
    cause: str = ""


def execution_name(run_id: str, number: int) -> str:
    """Of a run's executions, the first has its name; a name can be used once
    (https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html)."""
    return run_id if number == 1 else f"{run_id}-{number}"


def orphaned_by(execution: Execution) -> RunError | None:
    """Why a run that is not concluded will not be by itself any more; None while its execution goes on."""
    match execution.state:
        case "running":
            return None
        case "missing":
            return RunError("not_started", "the run was recorded and its execution never started")
        case "timed_out":
            return RunError("timed_out", f"the execution was not over after the {MAX_EXECUTION / timedelta(hours=1):.0f} hours that it may take")
        case "aborted":
            return RunError(ABORTED, f"the execution was stopped by hand{_told(execution)}")
        case "failed" | "succeeded":
            return RunError("not_concluded", f"the execution ended without concluding the run{_told(execution)}")
        case never:
            assert_never(never)


def told_by(cause: str) -> str:
    """What a person can use of the cause of a failure: a Lambda's error as JSON, a failed query of Athena, or a sentence."""
    try:
        told = json.loads(cause)
    except ValueError:
        told = None
    told = told if isinstance(told, dict) else {}
    return str(told.get("errorMessage") or told.get("Status", {}).get("StateChangeReason") or cause)[:2000]


def _told(execution: Execution) -> str:
    told = " ".join(text for text in (execution.error, told_by(execution.cause)) if text)
    return f": {told}" if told else ""
