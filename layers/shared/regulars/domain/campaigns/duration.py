"""Whether a run can come to its end in the time that it has, and how long it waits for FCM."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from regulars.domain.campaigns.run import RunError
from regulars.domain.delivery.rate import ProjectLimit
from regulars.domain.messages.template import PushTemplate

MAX_EXECUTION: Final = timedelta(hours=74)
"""TimeoutSeconds of the state machine: the longest that anybody is held back (26 hours until it is an hour in all time zones, and 24 of quiet hours
in a night with an hour more), MAX_DELIVERY, and two hours for planning (two queries of at most half an hour) and recording."""

MAX_DELIVERY: Final = timedelta(hours=22)
"""So long a run takes at most, besides what it holds people back."""


def give_up_at(begun_at: datetime, pushes: Iterable[PushTemplate], *, held: timedelta = timedelta(0)) -> datetime:
    """Until when a push of a run that says `pushes` waits where FCM asks to try again: as long as the execution that was begun then has time, and the
    message that lives longest, after the time for which somebody may be `held` back. From then on each has a few tries only, as one whose message
    lives for seconds has from the start."""
    lives = [MAX_DELIVERY if push.ttl_seconds is None else timedelta(seconds=push.ttl_seconds) for push in pushes]
    return begun_at + held + min(MAX_DELIVERY, max(lives, default=MAX_DELIVERY))


def message_life(pushes: Iterable[PushTemplate]) -> timedelta | None:
    """How long FCM keeps the one that lives longest for a phone that is off; None where one of them does not say."""
    lives = [push.ttl_seconds for push in pushes]
    seconds = [life for life in lives if life is not None]
    return timedelta(seconds=max(seconds)) if seconds and len(seconds) == len(lives) else None


def expected_seconds(pushes: int, per_second: float, limit: ProjectLimit) -> float:
    """How long `pushes` take where nobody else sends: at no more than the campaign's `per_second`, and the project's rate has to be climbed first
    (`delivery.rate`). Seconds of sending: planning and recording, some queries of Athena, come on top."""
    seconds, ceiling, left = 0.0, float(limit.floor), float(pushes)
    while left > 0:
        rate = min(ceiling, per_second)
        is_rising = 2 * rate >= ceiling and ceiling < min(per_second, limit.per_second)
        if not is_rising or left <= rate:
            return seconds + left / rate
        seconds, ceiling, left = seconds + 1, min(ceiling + limit.step, limit.per_second), left - rate
    return seconds


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
