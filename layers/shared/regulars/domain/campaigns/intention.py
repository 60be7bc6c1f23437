"""One launch is one run, however often it is asked for: a double click, a retry after a time-out, a schedule that calls twice."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from regulars.domain.campaigns.run import Run
from regulars.domain.errors import InvalidRequestError

ANSWERED_FOR: Final = timedelta(hours=24)
"""The same request is the same intention for so long; later it is a new one. (EventBridge Scheduler tries again for a day at most:
https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html)"""


def intention(request: str) -> str:
    """What a run keeps of the request that it answers: 32 hexadecimal digits, whatever the request's length."""
    return hashlib.sha256(request.encode()).hexdigest()[:32]


def answering(earlier: Iterable[Run], request: str, now: datetime) -> Run | None:
    """The run that answers the request already, among the campaign's runs of before, the newest first."""
    wanted = intention(request)
    for run in earlier:
        if now - run.launched_at > ANSWERED_FOR:
            return None
        if run.intention == wanted:
            return run
    return None


def check_same(run: Run, *, as_of: datetime | None, sends: bool) -> None:
    """Raises InvalidRequestError where the request that `run` answers asked for something else."""
    if (run.as_of, run.sends) != (as_of or run.launched_at, sends):
        raise InvalidRequestError(f"was used for another launch, which is run {run.run_id}: take a new key for each", field="Idempotency-Key")
