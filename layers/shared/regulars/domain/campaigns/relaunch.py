"""A launch after a run that failed goes on with it: whom that one reached gets nothing again (docs/decisions/0019). Rehearsals reach nobody."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from regulars.domain.campaigns.run import Run
from regulars.domain.errors import RunUnderWayError

RELAUNCH_WITHIN: Final = timedelta(days=3)
"""A later launch is a new message: it goes to everybody again. A week-end must fit in, and the next run of a weekly campaign must not."""


def continued(earlier: Iterable[Run], now: datetime) -> tuple[str, ...]:
    """The ids of the runs that a launch at `now` goes on with, of the campaign's runs of before, the newest first: those that did not succeed since
    the last one that did, as far as they came to sending.

    Raises RunUnderWayError while one is under way, or paused, or ends: what it sent last is not recorded yet.
    """
    found: list[str] = []
    for run in (each for each in earlier if each.sends):
        if not run.has_ended:
            raise RunUnderWayError(f"run {run.run_id} of this campaign {_stands(run)}", run_id=run.run_id)
        if run.state == "succeeded" or now - run.launched_at > RELAUNCH_WITHIN:
            break
        if run.manifest:
            found.append(run.run_id)
    return tuple(found)


def _stands(run: Run) -> str:
    if run.pause:
        return f"is paused: `regulars campaign resume {run.run_id}` goes on with it, `regulars campaign abort {run.run_id}` ends it"
    if run.error:
        return f"was told to end ({run.error.message}), and what it sent is being counted: launch again when it has ended"
    return (
        "is under way, and the two would send to the same people: launch again when it has ended "
        f"(if its execution was stopped, `regulars campaign resume {run.run_id}` goes on with it)"
    )
