"""What the functions of the platform logged."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from regulars.domain.operations import LogPage
from regulars.ports import Clock, LogReader

RECENT = timedelta(hours=1)


def read_logs(functions: Sequence[str], *, since: datetime | None, page: str, limit: int, clock: Clock, logs: LogReader) -> LogPage:
    """Of these functions, or of all; since then, or in the last hour. Raises InvalidRequestError for a function or a page that is none."""
    return logs.events(functions or logs.functions(), since=since or clock.now() - RECENT, page=page, limit=limit)
