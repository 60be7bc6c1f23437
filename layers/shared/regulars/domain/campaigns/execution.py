"""How the execution of a run in the state machine stands, and what its end says about a run that nobody concluded."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, assert_never

from regulars.domain.campaigns.run import ABORTED, RunError

ExecutionState = Literal["running", "succeeded", "failed", "timed_out", "aborted", "missing"]

STRAGGLERS = timedelta(minutes=16)
"""So long after a run was told to stop a call of `deliver` may still be sending: the whole life of a Lambda, and a minute."""

START = timedelta(minutes=10)
"""A run without an execution is left alone for so long: its launch may be about to start one."""


@dataclass(frozen=True)
class Execution:
    """`missing` was never started, or is longer ago than Step Functions remembers. `error` and `cause` are those of an execution that failed or was
    stopped, as far as somebody gave any."""

    state: ExecutionState
    error: str = ""
    cause: str = ""


def orphaned_by(execution: Execution) -> RunError | None:
    """Why a run that is not concluded will not be by itself any more; None while its execution goes on."""
    match execution.state:
        case "running":
            return None
        case "missing":
            return RunError("not_started", "the run was recorded and its execution never started: launch again")
        case "timed_out":
            return RunError("timed_out", "the execution was not over after the 24 hours that it may take")
        case "aborted":
            return RunError(ABORTED, f"the execution was stopped by hand{_told(execution)}")
        case "failed" | "succeeded":
            return RunError("not_concluded", f"the execution ended without concluding the run{_told(execution)}")
        case never:
            assert_never(never)


def _told(execution: Execution) -> str:
    told = " ".join(text for text in (execution.error, execution.cause) if text)
    return f": {told[:2000]}" if told else ""
