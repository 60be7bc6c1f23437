"""How the platform itself does: what its functions log, and which alarms ring."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True)
class LogEvent:
    """One line of a function's log. `id` is unlike that of any other line; `at` is in UTC."""

    id: str
    at: datetime
    function: str
    message: str


@dataclass(frozen=True)
class LogPage:
    """Lines by their time, the oldest first; `next` is the page after these, empty at the end."""

    events: Sequence[LogEvent]
    next: str


AlarmState = Literal["ok", "alarm", "insufficient_data"]


@dataclass(frozen=True)
class Alarm:
    """`description` says what it means that it rings, `reason` which numbers made it; `since` is when it came into its state."""

    name: str
    state: AlarmState
    description: str
    reason: str
    since: datetime
