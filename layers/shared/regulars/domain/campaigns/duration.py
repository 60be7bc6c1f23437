"""Whether a run can come to its end in the time that it has."""

from datetime import timedelta
from typing import Final

from regulars.domain.campaigns.run import RunError

MAX_EXECUTION: Final = timedelta(hours=24)
"""TimeoutSeconds of the state machine."""

MAX_DELIVERY: Final = timedelta(hours=22)
"""What planning (two queries of at most half an hour) and recording leave of it."""


def too_slow(people: int, per_second: float) -> RunError | None:
    """Why `people` cannot be sent to at `per_second`, or None. A person may have several devices: the time is at least this."""
    needed = people / per_second
    if needed <= MAX_DELIVERY.total_seconds():
        return None
    enough = people / MAX_DELIVERY.total_seconds()
    return RunError(
        "too_slow",
        f"delivery.per_second: {people:,} people at {per_second:g} a second take {needed / 3600:,.0f} hours at least, and a run has "
        f"{MAX_DELIVERY.total_seconds() / 3600:.0f}: put it at {enough:,.0f} or more; nothing was sent",
    )
