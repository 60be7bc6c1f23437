"""What functions print goes to their log groups in moto's CloudWatch Logs, as far as anybody reads back."""

import time
from collections.abc import Iterable
from typing import Final

from moto.logs.models import LogGroup, logs_backends

from local.resources.model import Function
from local.resources.site import ACCOUNT, REGION

KEPT_LINES: Final = 5000
"""Of each function: what a deployed one keeps for a month would fill this machine's memory."""

STREAM: Final = "local"


def write(function: Function, lines: Iterable[str]) -> None:
    """Add lines to the function's log group, which Lambda makes where the template does not."""
    now = int(time.time() * 1000)
    events = [{"timestamp": now, "message": line} for line in lines]
    if not events:
        return
    logs = logs_backends[ACCOUNT][REGION]
    if function.log_group not in logs.groups:
        logs.create_log_group(function.log_group, {})
    logs.ensure_log_stream(function.log_group, STREAM)
    logs.put_log_events(function.log_group, STREAM, events)
    _forget_oldest(logs.groups[function.log_group])


def _forget_oldest(group: LogGroup) -> None:
    kept = group.streams[STREAM].events
    del kept[: max(0, len(kept) - KEPT_LINES)]
